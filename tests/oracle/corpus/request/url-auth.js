/* oracle { "context": { "request": "http://user:pass@host.example.com/a" } } */
console.log(pm.request.url.auth, pm.request.url.toString(), pm.request.method);
