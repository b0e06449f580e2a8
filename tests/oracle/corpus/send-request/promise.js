/* oracle { "requests": { "GET https://p.example.com/": { "code": 200, "body": { "a": 1 } } } } */
const promise = pm.sendRequest('https://p.example.com/');
console.log(promise instanceof Promise, typeof promise.then);
const response = await promise;
console.log(response.code, response.json());
pm.test('awaited', () => pm.expect(response).to.have.jsonBody('a', 1));
