/* oracle { "listen": "prerequest" } */
pm.request.update({ url: 'https://a.example.com/', method: 'PATCH', header: [{ key: 'H', value: 'v' }] });
console.log(pm.request.method, pm.request.url.toString(), pm.request.headers.toObject(), pm.request.body);
