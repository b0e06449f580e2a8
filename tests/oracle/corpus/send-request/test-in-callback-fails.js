/* oracle { "requests": { "GET https://x.example.com/a": { "code": 500 } } } */
pm.test('async', (done) => {
    pm.sendRequest('https://x.example.com/a', (error, response) => {
        try { pm.expect(response.code).to.equal(200); done(); }
        catch (failure) { done(failure); }
    });
});
