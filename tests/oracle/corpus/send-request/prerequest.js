/* oracle { "listen": "prerequest", "requests": { "POST https://id.example.com/token": { "code": 200, "body": { "access_token": "tok-9" } } } } */
const response = await pm.sendRequest({
    url: 'https://id.example.com/token',
    method: 'POST',
    body: { mode: 'urlencoded', urlencoded: [{ key: 'grant_type', value: 'client_credentials' }] }
});
pm.request.headers.upsert({ key: 'Authorization', value: `Bearer ${response.json().access_token}` });
