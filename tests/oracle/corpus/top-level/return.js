console.log('before');
if (pm.response.code === 200) { return; }
console.log('never');
