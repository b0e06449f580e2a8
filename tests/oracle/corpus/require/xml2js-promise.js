const xml2js = require('xml2js');
const result = await xml2js.parseStringPromise('<a><b>1</b></a>', { explicitArray: false });
console.log(result);
