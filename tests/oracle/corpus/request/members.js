console.log(pm.request.method, pm.request.url.toString());
console.log(pm.request.headers.get('content-type'), pm.request.headers.get('X-Off'), pm.request.body.mode, pm.request.body.raw);
console.log(pm.request.body.toString(), pm.request.body.isEmpty(), pm.request.id === undefined);
