const CryptoJS = require('crypto-js');
const sealed = CryptoJS.AES.encrypt('text', 'pass').toString();
console.log(CryptoJS.AES.decrypt(sealed, 'pass').toString(CryptoJS.enc.Utf8), sealed.startsWith('U2FsdGVkX1'));
console.log(CryptoJS.enc.Base64.stringify(CryptoJS.enc.Utf8.parse('hello')), CryptoJS.lib.WordArray.random(8).sigBytes);
