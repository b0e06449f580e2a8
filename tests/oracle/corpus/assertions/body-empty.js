/* oracle { "response": { "body": "" } } */
pm.test('body', () => pm.response.to.have.body());
pm.test('withBody', () => pm.response.to.be.withBody);
pm.test('json', () => pm.response.to.be.json);
pm.test('jsonBody', () => pm.response.to.have.jsonBody());
pm.test('not body', () => pm.response.to.not.have.body());
