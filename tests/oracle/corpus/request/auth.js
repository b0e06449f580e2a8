/* oracle { "listen": "prerequest", "context": { "request": { "url": "https://a.example.com", "auth": { "type": "basic", "basic": [ { "key": "username", "value": "u" }, { "key": "password", "value": "p" } ] } } } } */
console.log(pm.request.auth.type, pm.request.auth.basic.get('username'), pm.request.auth.parameters().toObject());
pm.request.auth.update({ username: 'new' });
console.log(pm.request.auth.basic.toObject());
pm.request.auth.use('bearer', { token: 't' });
console.log(pm.request.auth.type, pm.request.auth.current);
