console.log(pm.request.getHeaders());
console.log(pm.request.getHeaders({ ignoreCase: true }));
console.log(pm.request.getHeaders({ enabled: true }));
console.log(pm.request.headers.toObject());
console.log(pm.request.headers.toObject(true), pm.request.headers.toObject(false, true));
