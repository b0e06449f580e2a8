// Names of zones other than UTC are not ours to know.
const d = new Date(0);
const zoned = d.getTimezoneOffset() === 0 ? (text) => text : (text) => text.replace(/\(.*\)/, '');
const texts = [d.toString(), String(d), `${d}`, d + '', ['x', d].join(), d.toTimeString(), d[Symbol.toPrimitive]('string'), d[Symbol.toPrimitive]('default')];
console.log(...texts.map(zoned), d.toDateString(), String(new Date(NaN)), new Date(NaN).toTimeString());
console.log(typeof Date(), zoned(Date()).slice(24), isNaN(Date.parse(Date())), Date.parse(d.toString()), Date.name, Date.length);
console.log(d.constructor === Date, d instanceof Date, new (class Later extends Date {})(5).getTime(), Object.prototype.toString.call(d), typeof Date.now());
