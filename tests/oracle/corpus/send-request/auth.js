/* oracle { "requests": { "GET https://a.example.com/": { "code": 200 } } } */
pm.sendRequest({ url: 'https://a.example.com/', auth: { type: 'basic', basic: { username: 'u', password: 'p' } } }, (error, response) => console.log(response.code));
pm.sendRequest({ url: 'https://a.example.com/', auth: { type: 'bearer', bearer: [{ key: 'token', value: 't' }] } }, (error, response) => console.log(response.code));
