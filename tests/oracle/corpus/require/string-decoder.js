const { StringDecoder } = require('string_decoder');
const decoder = new StringDecoder('utf8');
console.log(decoder.write(Buffer.from([0xe4, 0xb8])) + decoder.write(Buffer.from([0xad])) + decoder.end());
