queueMicrotask(() => console.log('second'));
console.log('first');
