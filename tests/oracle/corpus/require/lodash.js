const _ = require('lodash');

console.log(_.VERSION, _.groupBy([1.2, 1.8, 2.1], Math.floor), _.chunk([1, 2, 3], 2), _.pick({ a: 1, b: 2 }, 'a'), _.get({ a: [{ b: 1 }] }, 'a[0].b', 'x'));
console.log(_.sortBy([{ n: 2 }, { n: 1 }], 'n'), _.uniqBy([{ a: 1 }, { a: 1 }], 'a'), _.merge({ a: { b: 1 } }, { a: { c: 2 } }), _.template('hi <%= name %>')({ name: 'Ann' }));
