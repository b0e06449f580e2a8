/* oracle { "listen": "prerequest" } */
const body = JSON.parse(pm.request.body.raw);
body.age = 3;
pm.request.body.raw = JSON.stringify(body);
console.log(pm.request.body.toString());
