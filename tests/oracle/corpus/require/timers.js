const timers = require('timers');
console.log(typeof timers.setTimeout, typeof timers.setImmediate);
