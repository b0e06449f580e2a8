const schema = { definitions: { pet: { type: 'object', properties: { id: { type: 'integer', minimum: 10 }, price: { multipleOf: 5 }, name: { pattern: '^[a-z]+$' } } } }, $ref: '#/definitions/pet' };

pm.test('reference', () => pm.response.to.have.jsonSchema(schema));
pm.test('oneOf', () => pm.expect(5).to.have.jsonSchema({ oneOf: [{ type: 'number' }, { minimum: 1 }] }));
pm.test('anyOf', () => pm.expect('x').to.have.jsonSchema({ anyOf: [{ type: 'number' }, { type: 'null' }] }));
pm.test('if', () => pm.expect({ a: 1 }).to.have.jsonSchema({ if: { required: ['a'] }, then: { required: ['b'] } }));
