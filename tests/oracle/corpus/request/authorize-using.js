/* oracle { "listen": "prerequest" } */
pm.request.authorizeUsing('bearer', [{ key: 'token', value: 'abc' }]);
console.log(JSON.stringify(pm.request.auth));
pm.request.authorizeUsing({ type: 'basic', basic: { username: 'u', password: 'p' } });
console.log(pm.request.auth.type, pm.request.auth.basic.get('password'));
pm.request.authorizeUsing(null);
console.log(JSON.stringify(pm.request.auth));
