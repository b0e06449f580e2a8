console.log(CryptoJS.MD5('a').toString(), CryptoJS.SHA256('a').toString(CryptoJS.enc.Base64));
console.log(CryptoJS.HmacSHA256('message', 'key').toString(), CryptoJS.enc.Utf8.parse('hi').toString(CryptoJS.enc.Hex));
