const id = setTimeout(() => console.log('never'), 10);
clearTimeout(id);
clearTimeout(undefined);
clearTimeout(99999);
console.log(typeof id);
setTimeout(() => console.log('kept'), 15);
