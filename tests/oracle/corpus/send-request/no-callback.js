/* oracle { "requests": { "GET https://r.example.com/": { "code": 200 } } } */
pm.sendRequest('https://r.example.com/');
console.log('on');
