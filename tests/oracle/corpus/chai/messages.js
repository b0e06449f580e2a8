pm.test('prefix', () => pm.expect(1, 'the count').to.equal(2));
pm.test('message of equal', () => pm.expect(1).to.equal(2, 'counts differ'));
pm.test('prefix and property', () => pm.expect({ a: 1 }, 'body').to.have.property('b'));
pm.test('fail', () => pm.expect.fail('given up'));
pm.test('fail bare', () => pm.expect.fail());
pm.test('fail two', () => pm.expect.fail(1, 2));
