/* oracle { "listen": "prerequest" } */
setTimeout(() => console.log('a timer'), 5);
pm.test('before', () => {});
pm.execution.skipRequest();
pm.test('after', () => {});
