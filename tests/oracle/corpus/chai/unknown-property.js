pm.test('a typo', () => pm.expect(1).to.be.equall(1));
pm.test('a call of no function', () => pm.expect(true).to.be.true());
pm.test('an unknown flag', () => pm.expect(1).to.bee.ok);
