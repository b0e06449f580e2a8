/* oracle { "context": { "request": { "url": "localhost:8080" } } } */
console.log(pm.request.url.getHost(), pm.request.url.port, pm.request.url.getPath(), pm.request.url.protocol, pm.request.url.toString());
