/* oracle { "context": { "response": { "code": 500 } } } */
console.log(pm.response.code, pm.response.status, pm.response.reason(), pm.response.text(), pm.response.responseSize, pm.response.responseTime);
pm.test('json of nothing', () => pm.response.json());
