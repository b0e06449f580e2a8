/* oracle { "requests": { "GET https://p.example.com/": { "code": 404, "status": "Not Found" } } } */
pm.sendRequest('https://p.example.com/').then((response) => {
    console.log(response.code, response.reason());
}).finally(() => console.log('finally'));
