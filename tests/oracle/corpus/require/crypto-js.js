const CryptoJS = require('crypto-js');

console.log(CryptoJS.SHA1('a').toString(), CryptoJS.SHA512('a').toString().slice(0, 16), CryptoJS.HmacSHA1('m', 'k').toString(CryptoJS.enc.Base64));
const key = CryptoJS.enc.Hex.parse('000102030405060708090a0b0c0d0e0f'), iv = CryptoJS.enc.Hex.parse('101112131415161718191a1b1c1d1e1f');
const sealed = CryptoJS.AES.encrypt('secret', key, { iv, mode: CryptoJS.mode.CBC, padding: CryptoJS.pad.Pkcs7 });
console.log(sealed.ciphertext.toString(), CryptoJS.AES.decrypt(sealed.toString(), key, { iv }).toString(CryptoJS.enc.Utf8));
console.log(CryptoJS.PBKDF2('password', 'salt', { keySize: 4, iterations: 2 }).toString());
