const schema = {
    type: 'object',
    required: ['id', 'name', 'owner'],
    properties: {
        id: { type: 'integer' },
        name: { type: 'string', minLength: 1 },
        owner: { type: 'object', required: ['email'], properties: { email: { type: 'string', format: 'email' }, age: { type: 'integer', maximum: 40 } } },
        tags: { type: 'array', items: { type: 'string' }, uniqueItems: true }
    },
    additionalProperties: false
};

pm.test('matches the schema', () => pm.response.to.have.jsonSchema(schema));
pm.test('tv4 says so', () => pm.expect(tv4.validate(pm.response.json(), schema)).to.be.true);
