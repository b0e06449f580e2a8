/* oracle { "listen": "prerequest" } */
pm.request.body.update('text only');
console.log(pm.request.body.mode, pm.request.body.raw);
pm.request.body.update({ mode: 'urlencoded', urlencoded: [{ key: 'a', value: '1' }] });
console.log(pm.request.body.mode, pm.request.body.toString(), pm.request.body.isEmpty());
