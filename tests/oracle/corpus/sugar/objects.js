console.log(Object.isString('x'), Object.isArray([]), Object.merge({ a: 1 }, { b: 2 }), Object.isEmpty && Object.isEmpty({}));
console.log(Object.has({ a: 1 }, 'a'), Object.keys({ a: 1 }), Object.values({ a: 1 }), Object.isEqual && Object.isEqual({ a: 1 }, { a: 1 }));
