console.log(typeof require('json'), typeof require('json').parse);
