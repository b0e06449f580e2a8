/* oracle { "listen": "prerequest" } */
pm.request.headers.clear();
console.log(pm.request.headers.count());
pm.request.headers.populate([{ key: 'A', value: '1' }, { key: 'B', value: '2' }]);
pm.request.headers.insert({ key: 'First', value: '0' }, 'A');
pm.request.headers.append({ key: 'Last', value: '9' });
pm.request.headers.prepend({ key: 'Zero', value: 'z' });
console.log(pm.request.headers.toString());
