class MyError extends Error { constructor () { super('mine'); this.name = 'MyError'; this.extra = 1; } }
console.log(new Error('e'), new TypeError('t'), new MyError());
console.error({ error: new RangeError('r') });
