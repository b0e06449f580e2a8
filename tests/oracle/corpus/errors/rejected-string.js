Promise.reject('text');
console.log('after');
