console.log(pm.request.url);
console.log(pm.response.headers);
console.log(pm.environment);
