/* oracle { "listen": "prerequest", "requests": { "POST https://api.example.com/oauth/token": { "code": 200, "body": { "access_token": "fresh", "expires_in": 3600 } } } } */
const expired = !pm.environment.get('expiresAt') || Date.now() > Number(pm.environment.get('expiresAt'));

if (expired) {
    pm.sendRequest({
        url: `${pm.environment.get('baseUrl')}/oauth/token`,
        method: 'POST',
        header: { 'Content-Type': 'application/x-www-form-urlencoded', Authorization: `Basic ${btoa('id:secret')}` },
        body: { mode: 'urlencoded', urlencoded: [{ key: 'grant_type', value: 'client_credentials' }] }
    }, (error, response) => {
        if (error) { throw error; }
        pm.environment.set('token', response.json().access_token);
        pm.request.headers.upsert({ key: 'Authorization', value: `Bearer ${pm.environment.get('token')}` });
    });
}
