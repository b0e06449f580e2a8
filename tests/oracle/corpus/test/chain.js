pm.test('a', () => {}).test('b', () => { throw new Error('b'); }).test.skip('c', () => {});
console.log(pm.test('d', () => {}) === pm);
