/* oracle { "requests": { "POST https://api.example.com/items?x=1": { "code": 201, "body": "made" } } } */
pm.sendRequest({
    url: 'https://api.example.com/items?x=1',
    method: 'POST',
    header: { 'Content-Type': 'application/json', 'X-A': 'b' },
    body: { mode: 'raw', raw: JSON.stringify({ a: 1 }) }
}, (error, response) => {
    console.log(error, response.code, response.text(), response.reason());
});
