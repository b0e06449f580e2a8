/* oracle { "requests": { "GET https://down.example.com/": { "error": { "message": "getaddrinfo ENOTFOUND", "code": "ENOTFOUND" } } } } */
await pm.sendRequest('https://down.example.com/');
console.log('never');
