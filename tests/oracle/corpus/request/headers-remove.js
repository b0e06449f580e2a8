/* oracle { "listen": "prerequest" } */
pm.request.removeHeader('Accept');
pm.request.headers.remove('x-trace');
pm.request.removeHeader('content-type', { ignoreCase: true });
console.log(pm.request.headers.map((header) => header.key));
