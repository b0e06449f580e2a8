console.log(pm.response.headers.get('content-type'), pm.response.headers.has('X-REQUEST-ID'), pm.response.headers.count());
console.log(pm.response.headers.toObject(), pm.response.headers.one('x-request-id').value);
console.log(pm.response.headers.contentSize(), pm.response.headers.toString());
