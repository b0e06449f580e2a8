/* oracle { "requests": { "GET https://x.example.com/a": { "code": 200 } } } */
pm.sendRequest('https://x.example.com/a', () => { throw new Error('in the callback'); });
