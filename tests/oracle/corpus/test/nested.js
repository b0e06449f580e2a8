pm.test('outer', () => {
    pm.test('inner', () => pm.expect(1).to.equal(2));
    pm.test('inner two', () => {});
});
