/* oracle { "listen": "prerequest" } */
startedAt = 'then';
pm.variables.set('a', 1);
//---
/* oracle { } */
console.log(startedAt, pm.variables.get('a'));
