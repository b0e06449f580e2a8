pm.request = 5;
console.log(typeof pm.request, pm.request.method);
