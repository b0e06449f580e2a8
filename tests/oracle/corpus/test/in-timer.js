setTimeout(() => pm.test('in a timer', () => pm.expect(1).to.equal(1)), 5);
pm.test('before', () => {});
