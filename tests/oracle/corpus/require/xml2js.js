const { parseString } = require('xml2js');

parseString('<a x="1"><b>t</b><b/></a>', (error, result) => console.log(error, JSON.stringify(result)));
parseString('<a><b>t</b></a>', { explicitArray: false, trim: true }, (error, result) => console.log(error, JSON.stringify(result)));
parseString('<a>', (error) => console.log(error && error.message));
