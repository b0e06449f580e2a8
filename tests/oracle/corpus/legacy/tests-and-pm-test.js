pm.test('modern', () => {});
tests.legacy = true;
pm.test('modern too', () => { throw new Error('x'); });
tests.legacyFails = false;
