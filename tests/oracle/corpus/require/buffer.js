const { Buffer } = require('buffer');
console.log(Buffer.from('héllo').toString('base64'), Buffer.from('aGk=', 'base64').toString(), Buffer.from('ff00', 'hex'), Buffer.concat([Buffer.from('a'), Buffer.alloc(2)]).length, Buffer.byteLength('é'));
console.log(Buffer.from([1, 2, 3]).slice(1).toJSON(), Buffer.from('abc').equals(Buffer.from('abc')), Buffer.from('abc').readUInt16BE(0), Buffer.isBuffer(new Uint8Array(1)));
