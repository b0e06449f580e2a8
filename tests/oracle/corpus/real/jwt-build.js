const CryptoJS = require('crypto-js');
const encode = (words) => CryptoJS.enc.Base64.stringify(words).replace(/=+$/, '').replace(/\+/g, '-').replace(/\//g, '_');
const part = (object) => encode(CryptoJS.enc.Utf8.parse(JSON.stringify(object)));
const unsigned = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ sub: '1', iat: 1600000000 })}`;

pm.environment.set('jwt', `${unsigned}.${encode(CryptoJS.HmacSHA256(unsigned, 'secret'))}`);
console.log(pm.environment.get('jwt'));
