/* oracle { "listen": "prerequest" } */
console.log('before');
pm.execution.skipRequest();
console.log('after');
