(async () => { throw new Error('async'); })();
console.log('after');
