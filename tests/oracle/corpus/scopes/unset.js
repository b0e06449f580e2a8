pm.environment.unset('shared');
pm.environment.unset('never there');
pm.test('gone', () => {
    pm.expect(pm.environment.has('shared')).to.be.false;
    pm.expect(pm.environment.get('shared')).to.be.undefined;
});
console.log(pm.variables.get('shared'));
