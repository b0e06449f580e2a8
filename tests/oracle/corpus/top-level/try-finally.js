try { await Promise.reject(new Error('x')); }
catch (error) { console.log(error.message); }
finally { console.log('finally'); }
