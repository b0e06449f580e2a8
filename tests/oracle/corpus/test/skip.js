pm.test.skip('skipped', () => { throw new Error('never'); });
pm.test('ran', () => {});
pm.test.skip('no function');
console.log(pm.test.index());
