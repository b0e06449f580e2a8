const tv4 = require('tv4');
console.log(tv4.validate({ a: 1 }, { properties: { a: { type: 'string' } } }), tv4.error.message, tv4.error.schemaPath);
