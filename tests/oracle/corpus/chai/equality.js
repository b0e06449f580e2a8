pm.test('equal', () => pm.expect(1).to.equal('1'));
pm.test('eql', () => pm.expect({ a: [1, { b: 2 }] }).to.eql({ a: [1, { b: 3 }] }));
pm.test('deep equal', () => pm.expect([1, 2, 3]).to.deep.equal([1, 2, 4]));
pm.test('equal objects', () => pm.expect({ a: 1 }).to.equal({ a: 1 }));
pm.test('not equal', () => pm.expect('a').to.not.equal('a'));
pm.test('NaN', () => pm.expect(NaN).to.be.NaN);
pm.test('NaN equals', () => pm.expect(NaN).to.equal(1));
pm.test('dates', () => pm.expect(new Date(0)).to.eql(new Date(1)));
