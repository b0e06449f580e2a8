/* oracle { "listen": "prerequest" } */
pm.request.url.update('http://localhost:3000/x/y?z=1');
console.log(pm.request.url.host, pm.request.url.port, pm.request.url.path, pm.request.url.query.toObject());
pm.request.url.host = ['example', 'org'];
pm.request.url.port = '80';
pm.request.url.path.push('z');
pm.request.url.protocol = 'https';
console.log(pm.request.url.toString());
