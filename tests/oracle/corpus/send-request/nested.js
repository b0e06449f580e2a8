/* oracle { "requests": { "POST https://id.example.com/token": { "code": 200, "body": { "access_token": "tok-1", "expires_in": 3600 } }, "GET https://id.example.com/me": { "code": 200, "body": { "name": "ann" } } } } */
pm.sendRequest({ url: 'https://id.example.com/token', method: 'POST' }, (error, response) => {
    const token = response.json().access_token;
    pm.environment.set('token', token);
    pm.sendRequest({ url: 'https://id.example.com/me', header: { Authorization: `Bearer ${token}` } }, (inner, me) => {
        pm.test('named', () => pm.expect(me.json().name).to.equal('ann'));
    });
});
