const { Readable, Transform } = require('stream');
console.log(typeof Readable, typeof Transform, typeof require('stream').PassThrough);
