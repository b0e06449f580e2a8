const Ajv = require('ajv');
const ajv = new Ajv();

ajv.addKeyword('even', { validate: (schema, data) => !schema || data % 2 === 0 });
ajv.addFormat('short', /^.{1,3}$/);
ajv.addSchema({ $id: 'https://s.example.com/pet', type: 'object', required: ['id'] });
console.log(ajv.validate({ even: true }, 3), ajv.errorsText(), ajv.validate({ format: 'short' }, 'long one'), ajv.errorsText());
console.log(ajv.validate({ $ref: 'https://s.example.com/pet' }, {}), ajv.errorsText());
