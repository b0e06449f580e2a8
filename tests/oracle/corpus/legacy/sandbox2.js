"use sandbox2";
console.log(typeof tests, typeof postman, typeof responseBody, typeof _, typeof CryptoJS, typeof pm, typeof cheerio, typeof tv4);
pm.test('modern only', () => {});
