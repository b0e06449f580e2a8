/* oracle { "requests": { "GET https://x.example.com/q?a=1&a=2&b=%20&c": { "code": 200 } } } */
pm.sendRequest('https://x.example.com/q?a=1&a=2&b=%20&c#hash', (error, response) => console.log(error, response.code));
