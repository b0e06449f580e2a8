const parse = require('csv-parse/lib/sync');
try { parse('a,b\n1\n'); }
catch (error) { console.log(error.message); }
