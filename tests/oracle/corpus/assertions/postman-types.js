pm.test('response', () => pm.expect(pm.response).to.be.postmanResponse);
pm.test('request', () => pm.expect(pm.request).to.be.postmanRequest);
pm.test('either', () => pm.expect(pm.request).to.be.postmanRequestOrResponse);
pm.test('not a response', () => pm.expect(pm.request).to.be.a.postmanResponse);
pm.test('not a request', () => pm.expect({}).to.be.postmanRequest);
pm.test('neither', () => pm.expect('x').to.be.postmanRequestOrResponse);
pm.test('negated', () => pm.expect(5).to.not.be.postmanResponse);
