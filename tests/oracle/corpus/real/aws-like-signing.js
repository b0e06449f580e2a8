/* oracle { "listen": "prerequest" } */
const { HmacSHA256, SHA256, enc } = require('crypto-js');
const canonical = pm.request.headers.all().filter((header) => !header.disabled).map((header) => `${header.key.toLowerCase()}:${header.value.trim()}`).sort().join('\n');
const key = ['20200101', 'eu-west-1', 's3', 'aws4_request'].reduce((secret, part) => HmacSHA256(part, secret), 'AWS4secret');

pm.variables.set('signature', HmacSHA256(SHA256(canonical).toString(), key).toString(enc.Hex));
console.log(pm.variables.get('signature'));
