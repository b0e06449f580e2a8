/* oracle { "vault": { "key": "secret" } } */
const promise = pm.vault.get('key');
console.log(promise instanceof Promise, Object.keys(pm.vault));
promise.then((value) => pm.test('vault', () => pm.expect(value).to.equal('secret')));
