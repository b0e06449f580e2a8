const util = require('util');
console.log(util.format('%s %d %j %%', 'a', 5, { b: 1 }), util.inspect({ a: { b: { c: {} } } }), util.isArray([]), util.inspect('x'), typeof util.promisify);
