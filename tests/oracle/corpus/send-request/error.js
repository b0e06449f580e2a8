/* oracle { "requests": { "GET https://down.example.com/": { "error": { "name": "Error", "message": "connect ECONNREFUSED 127.0.0.1:1", "code": "ECONNREFUSED", "errno": "ECONNREFUSED" } } } } */
pm.sendRequest('https://down.example.com/', (error, response) => {
    console.log(error.message, error.code, typeof response);
    pm.test('reached', () => pm.expect(error).to.be.null);
});
