pm.test('an unknown type', () => pm.response.to.have.jsonSchema({ type: 'strin' }));
pm.test('a missing reference', () => pm.response.to.have.jsonSchema({ $ref: '#/definitions/nope' }));
pm.test('no schema', () => pm.response.to.have.jsonSchema());
