pm.environment.set('token', 'abc');
pm.environment.set('number', 42);
pm.environment.set('flag', true);
pm.environment.set('nothing', null);
pm.environment.set('list', [1, 2]);
pm.environment.set('object', { a: 1 });
console.log(pm.environment.get('token'), pm.environment.get('number'), pm.environment.get('missing'));
console.log(pm.environment.get('list'), pm.environment.get('object'), pm.environment.get('nothing'));
pm.test('types survive', () => {
    pm.expect(pm.environment.get('number')).to.equal(42);
    pm.expect(pm.environment.get('flag')).to.equal(true);
    pm.expect(pm.environment.get('list')).to.eql([1, 2]);
});
