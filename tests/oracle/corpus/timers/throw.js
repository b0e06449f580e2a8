setTimeout(() => { throw new Error('in a timer'); }, 1);
console.log('script done');
