/* oracle { "context": { "request": { "url": "https://a.example.com", "method": "GET" } } } */
console.log(typeof pm.request.body, pm.request.body && pm.request.body.isEmpty());
