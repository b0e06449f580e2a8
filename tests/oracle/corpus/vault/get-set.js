/* oracle { "vault": { "key": "secret" } } */
console.log(await pm.vault.get('key'), await pm.vault.get('nope'));
await pm.vault.set('other', 'x');
console.log(await pm.vault.get('other'));
await pm.vault.unset('key');
console.log(await pm.vault.get('key'));
