/* oracle { "listen": "prerequest" } */
pm.request.headers.assimilate([{ key: 'Accept', value: 'new' }, { key: 'Extra', value: 'e' }]);
pm.request.headers.repopulate([{ key: 'Only', value: 'one' }]);
console.log(pm.request.headers.toObject());
