_.map([1], (n) => n);
_.filter([1], (n) => n);
CryptoJS.MD5('a').toString();
tv4.validate(1, {});
xml2Json('<a/>');
cheerio.load('<p></p>');
environment.count;
data.user;
