/* oracle { "jar": [ { "key": "a", "value": "old", "domain": "api.example.com", "path": "/", "hostOnly": true } ] } */
const jar = pm.cookies.jar();

await jar.set('https://api.example.com/', 'a', 'new');
console.log(await jar.get('https://api.example.com/', 'a'));
