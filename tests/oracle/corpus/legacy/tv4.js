const schema = { type: 'object', required: ['phone'], properties: { id: { type: 'number' } } };

tests['valid'] = tv4.validate(JSON.parse(responseBody), schema);
console.log(tv4.error.message, tv4.error.code, tv4.error.dataPath);
console.log(tv4.validateMultiple({ id: 'x' }, schema).errors.length, tv4.validateResult({ id: 1, phone: 1 }, schema).valid);
