const date = new Date(Date.UTC(2020, 0, 15, 10, 20, 30));

console.log(date.addDays ? date.addDays(1).toISOString() : 'none', date.isValid && date.isValid());
console.log(typeof Date.create, typeof date.format, typeof date.relative, typeof date.beginningOfDay);
