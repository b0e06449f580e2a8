/* oracle { "jar": [ { "key": "a", "value": "1", "domain": "api.example.com", "path": "/", "hostOnly": true }, { "key": "b", "value": "2", "domain": "api.example.com", "path": "/", "hostOnly": true } ] } */
const jar = pm.cookies.jar();

await jar.unset('https://api.example.com/', 'a');
console.log(await jar.get('https://api.example.com/', 'a'), await jar.get('https://api.example.com/', 'b'));
