pm.response = null;
console.log(pm.response.code);
pm.response.code = 404;
console.log(pm.response.code);
