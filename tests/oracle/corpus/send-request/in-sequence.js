/* oracle { "requests": { "GET https://x.example.com/next": [ { "code": 202 }, { "code": 202 }, { "code": 200 } ] } } */
let tries = 0, response;

do {
    tries += 1;
    response = await pm.sendRequest('https://x.example.com/next');
} while (response.code === 202 && tries < 10);
pm.test('settled', () => pm.expect(tries).to.equal(3));
