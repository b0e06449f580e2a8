/* oracle { "options": { "timeout": 100 }, "alone": true } */
setTimeout(() => console.log('never'), 3000);
pm.test('before', () => {});
