console.log('a');
console.clear();
console.log('b');
