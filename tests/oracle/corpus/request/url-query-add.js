/* oracle { "listen": "prerequest" } */
pm.request.url.query.add({ key: 'page', value: '2' });
pm.request.url.query.add('sort=asc');
pm.request.url.addQueryParams('a=1&b=2');
pm.request.addQueryParams([{ key: 'c', value: '3' }]);
console.log(pm.request.url.toString());
