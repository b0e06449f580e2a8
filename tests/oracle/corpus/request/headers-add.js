/* oracle { "listen": "prerequest" } */
pm.request.headers.add({ key: 'X-New', value: '1' });
pm.request.addHeader({ key: 'X-Two', value: '2' });
pm.request.headers.add('X-Text: three');
console.log(pm.request.headers.all().map((header) => header.toString()));
