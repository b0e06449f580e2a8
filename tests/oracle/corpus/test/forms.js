pm.test('passes', () => {});
pm.test('throws', () => { throw new Error('boom'); });
pm.test('returns false', () => false);
pm.test('function keyword', function () { pm.expect(this === undefined).to.be.a('boolean'); });
pm.test(123, () => {});
pm.test(null, () => {});
pm.test({ a: 1 }, () => {});
pm.test('', () => {});
