const copy = pm.request.clone();
copy.method = 'DELETE';
copy.headers.clear();
console.log(copy.method, pm.request.method, copy.headers.count(), pm.request.headers.count());
