const CryptoJS = require("crypto-js");
const hex = CryptoJS.enc.Hex;
equal(CryptoJS.MD5("").toString(), "d41d8cd98f00b204e9800998ecf8427e");
equal(CryptoJS.SHA256("abc").toString(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
equal(
    CryptoJS.HmacSHA256("The quick brown fox jumps over the lazy dog", "key").toString(),
    "f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8",
);
// FIPS 197, appendix C.1
const block = CryptoJS.AES.encrypt(
    hex.parse("00112233445566778899aabbccddeeff"),
    hex.parse("000102030405060708090a0b0c0d0e0f"),
    { mode: CryptoJS.mode.ECB, padding: CryptoJS.pad.NoPadding },
);
equal(block.ciphertext.toString(hex), "69c4e0d86a7b0430d8cdb78070b4c55a");
const secret = CryptoJS.AES.encrypt("täxt", "password").toString();
equal(CryptoJS.AES.decrypt(secret, "password").toString(CryptoJS.enc.Utf8), "täxt");
// RFC 6070, 1 iteration
equal(
    CryptoJS.PBKDF2("password", "salt", { keySize: 5, iterations: 1 }).toString(),
    "0c60c80f961f0e71f3a9b524af6012062fe037a6",
);
equal(CryptoJS.enc.Base64.stringify(CryptoJS.enc.Utf8.parse("hello")), "aGVsbG8=");
