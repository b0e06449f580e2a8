console.log(pm.response.code, pm.response.status, pm.response.responseTime, pm.response.responseSize, pm.response.id);
console.log(pm.response.reason(), pm.response.text().length, pm.response.size(), pm.response.encoding());
