const add = (a, b) => a + b;

console.log(typeof add.fill, typeof add.delay, typeof add.debounce, typeof add.once, typeof add.memoize, typeof add.after);
