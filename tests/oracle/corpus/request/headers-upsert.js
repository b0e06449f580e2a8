/* oracle { "listen": "prerequest" } */
pm.request.headers.upsert({ key: 'Accept', value: 'text/plain' });
pm.request.upsertHeader({ key: 'x-trace', value: 't-2' });
pm.request.upsertHeader({ key: 'X-Fresh', value: 'f' });
console.log(pm.request.getHeaders());
