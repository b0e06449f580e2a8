const uuid = require('uuid');
console.log(typeof uuid() === 'string' && uuid().length);
