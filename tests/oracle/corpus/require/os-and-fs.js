console.log(typeof require('os'), typeof require('fs'), Object.keys(require('fs')).length);
