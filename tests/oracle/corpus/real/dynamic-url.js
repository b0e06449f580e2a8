/* oracle { "listen": "prerequest" } */
pm.request.url.path = ['v2', 'pets', pm.variables.get('age').toString()];
pm.request.url.query.upsert({ key: 'user', value: pm.iterationData.get('user') });
pm.request.url.query.remove('tag');
console.log(pm.request.url.toString());
