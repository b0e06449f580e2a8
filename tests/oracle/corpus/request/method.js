/* oracle { "listen": "prerequest" } */
pm.request.method = 'PUT';
console.log(pm.request.method);
