// Between an immediate and a timeout of 0 there is no order; a later timeout comes after both.
setTimeout(() => console.log('timeout 20'), 20);
setImmediate(() => console.log('immediate'));
Promise.resolve().then(() => console.log('microtask'));
console.log('now');
