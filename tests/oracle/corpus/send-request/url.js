/* oracle { "requests": { "GET https://api.example.com/ping": { "code": 200, "status": "OK", "header": [ { "key": "A", "value": "1" } ], "body": "{\"ok\":true}", "responseTime": 5 } } } */
pm.sendRequest('https://api.example.com/ping', (error, response) => {
    console.log(error, response.code, response.status, response.json(), response.headers.get('a'), response.responseTime);
    pm.test('ok', () => pm.expect(response).to.have.status(200));
});
console.log('sent');
