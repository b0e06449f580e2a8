const schema = {
    type: 'object',
    required: ['id', 'name', 'phone'],
    properties: { id: { type: 'string' }, name: { type: 'string', maxLength: 2 }, tags: { type: 'array', items: { enum: ['dog'] } } }
};

pm.test('fails', () => pm.response.to.have.jsonSchema(schema));
pm.test('passes', () => pm.response.to.have.jsonSchema({ type: 'object', required: ['id'] }));
pm.test('not', () => pm.response.to.not.have.jsonSchema({ type: 'object' }));
pm.test('on a value', () => pm.expect({ a: 1 }).to.have.jsonSchema({ properties: { a: { type: 'string' } } }));
pm.test('on a value, passing', () => pm.expect([1, 2]).to.have.jsonSchema({ type: 'array', items: { type: 'integer' } }));
pm.test('one error', () => pm.expect({ a: 'x', b: 'y' }).to.have.jsonSchema({ additionalProperties: false }, { allErrors: false }));
