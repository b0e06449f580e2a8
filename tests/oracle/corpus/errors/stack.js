try { throw new Error('x'); }
catch (error) { console.log(typeof error.stack, error.stack.includes('x'), error.toString(), Object.keys(error), JSON.stringify(error)); }
