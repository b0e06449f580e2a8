/* oracle { "options": { "timeout": 200 }, "alone": true } */
console.log('waiting');
await new Promise(() => {});
