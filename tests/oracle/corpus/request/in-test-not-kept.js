pm.request.headers.add({ key: 'Late', value: '1' });
pm.request.method = 'TRACE';
console.log(pm.request.headers.has('Late'), pm.request.method);
