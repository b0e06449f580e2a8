/* oracle { "response": { "body": "plain text" } } */
pm.test('equal', () => pm.response.to.have.body('plain text'));
pm.test('json', () => pm.response.to.be.json);
pm.test('not json', () => pm.response.to.not.be.json);
pm.test('jsonBody', () => pm.response.to.have.jsonBody('a.b'));
pm.test('body json', () => pm.response.to.have.body({ a: 1 }));
