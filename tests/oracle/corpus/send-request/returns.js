/* oracle { "requests": { "GET https://r.example.com/": { "code": 200 } } } */
console.log(pm.sendRequest('https://r.example.com/', () => {}) === pm);
console.log(typeof pm.sendRequest('https://r.example.com/', 'not a function'));
