console.log(_.VERSION, _.pluck([{ a: 1 }, { a: 2 }], 'a'), _.where([{ a: 1, b: 2 }], { a: 1 }), _.contains([1, 2], 2));
console.log(_.isEqual({ a: [1] }, { a: [1] }), _.get({ a: { b: 1 } }, 'a.b'), _.sum([1, 2, 3]), _.camelCase('foo bar'));
