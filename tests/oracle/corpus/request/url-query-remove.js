/* oracle { "listen": "prerequest" } */
pm.request.url.removeQueryParams('limit');
pm.request.removeQueryParams(['nope', 'tag']);
console.log(pm.request.url.toString(), pm.request.url.query.count());
