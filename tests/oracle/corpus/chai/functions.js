pm.test('throw', () => pm.expect(() => {}).to.throw());
pm.test('throw type', () => pm.expect(() => { throw new TypeError('bad'); }).to.throw(RangeError));
pm.test('throw message', () => pm.expect(() => { throw new Error('bad'); }).to.throw('good'));
pm.test('throw regex', () => pm.expect(() => { throw new Error('bad'); }).to.throw(Error, /ad$/));
pm.test('not throw', () => pm.expect(() => { throw new Error('bad'); }).to.not.throw());
pm.test('respond to', () => pm.expect({ a () {} }).to.respondTo('b'));
pm.test('satisfy', () => pm.expect(5).to.satisfy((n) => n > 6));
