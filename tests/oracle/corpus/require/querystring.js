const querystring = require('querystring');
console.log(querystring.parse('a=1&a=2&b=%20'), querystring.stringify({ x: [1, 2], y: 'é &' }));
