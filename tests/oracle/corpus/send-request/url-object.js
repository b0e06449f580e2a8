/* oracle { "requests": { "GET https://x.example.com/u?a=b": { "code": 200 } } } */
pm.sendRequest({ url: { protocol: 'https', host: ['x', 'example', 'com'], path: ['u'], query: [{ key: 'a', value: 'b' }] } }, (error, response) => console.log(response.code));
