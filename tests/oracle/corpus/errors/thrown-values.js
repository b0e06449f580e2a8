console.log('t'); throw new Error('c', { cause: 'x' });
//---
console.log('t'); throw new (class Q extends Error {})('q');
//---
console.log('t'); throw new AggregateError([1], 'a');
//---
console.log('t'); throw Symbol('s');
//---
console.log('t'); throw { message: 'm', name: 'N', extra: 1 };
//---
console.log('t'); throw Object.assign(new Error('p'), { code: 5, deep: { a: 1 } });
//---
console.log('t'); throw Object.create(null);
//---
console.log('t'); throw [1, 2];
//---
console.log('t'); throw new Map();
//---
console.log('t'); throw new DOMException('d', 'N');
//---
console.log('t'); throw pm.response;
//---
console.log('t'); throw new Date(0);
//---
console.log('t'); throw () => 1;
