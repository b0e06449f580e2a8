/* oracle { "listen": "prerequest", "requests": { "POST https://api.example.com/oauth/token": { "code": 401, "status": "Unauthorized", "body": { "error": "invalid_client" } } } } */
const response = await pm.sendRequest({ url: pm.variables.replaceIn('{{baseUrl}}/oauth/token'), method: 'POST' });

pm.test('token granted', () => pm.expect(response).to.have.status(200));
if (response.code !== 200) { pm.execution.skipRequest(); }
pm.environment.set('token', response.json().access_token);
