const Ajv = require('ajv'), ajv = new Ajv({ allErrors: true });
const validate = ajv.compile({ type: 'object', required: ['a'], properties: { b: { type: 'integer', minimum: 5 } } });

console.log(validate({ b: 1 }), ajv.errorsText(validate.errors), validate.errors.map((error) => error.keyword));
console.log(validate({ a: 1, b: 5 }), validate.errors);
