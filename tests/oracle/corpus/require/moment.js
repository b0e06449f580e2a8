const moment = require('moment');

console.log(moment.utc('2020-02-28T10:00:00Z').add(2, 'days').format('YYYY-MM-DD HH:mm'), moment.utc(0).toISOString(), moment('nope', 'YYYY', true).isValid());
console.log(moment.duration(90, 'minutes').humanize(), moment.utc('2020-01-31').diff(moment.utc('2020-01-01'), 'days'), moment.utc('25/12/2020', 'DD/MM/YYYY').day());
console.log(moment.utc('2020-01-01').format('dddd, MMMM Do YYYY, h:mm:ss a'), moment.version);
