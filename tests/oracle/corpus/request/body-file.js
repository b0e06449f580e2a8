/* oracle { "context": { "request": { "url": "https://a.example.com", "method": "POST", "body": { "mode": "file", "file": { "src": "/tmp/up.bin" } } } } } */
console.log(pm.request.body.mode, pm.request.body.file.src, pm.request.body.isEmpty(), JSON.stringify(pm.request.body));
