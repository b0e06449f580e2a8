/* oracle { "context": { "request": {} } } */
console.log(pm.request.url.toString() === '', pm.request.method, pm.request.headers.count(), typeof pm.request.body);
