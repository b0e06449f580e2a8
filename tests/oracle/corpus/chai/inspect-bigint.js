pm.test('bigint', () => pm.expect(10n).to.be.null);
pm.test('after', () => {});
