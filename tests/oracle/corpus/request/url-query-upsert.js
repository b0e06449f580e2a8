/* oracle { "listen": "prerequest" } */
pm.request.url.query.upsert({ key: 'limit', value: '99' });
pm.request.url.query.one('tag').value = 'c&d';
pm.request.url.query.add({ key: 'off', value: 'x', disabled: true });
pm.request.url.query.add({ key: 'bare' });
pm.request.url.query.add({ key: 'nul', value: null });
pm.request.url.query.add({ key: 'empty', value: '' });
console.log(pm.request.url.toString());
console.log(pm.request.url.getQueryString());
