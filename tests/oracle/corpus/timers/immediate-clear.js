const id = setImmediate(() => console.log('never'));
clearImmediate(id);
console.log('cleared');
