const Ajv = require('ajv');
try { new Ajv().compile({ type: 'nope' }); }
catch (error) { console.log(error.message); }
try { new Ajv().compile({ $ref: '#/nope' }); }
catch (error) { console.log(error.message); }
