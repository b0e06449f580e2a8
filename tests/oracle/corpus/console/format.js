console.log('%s is %d', 'x', 5, 'rest');
console.log('100%', { a: 1 });
console.log('%o %j', {}, []);
