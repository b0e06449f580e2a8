console.log(request.method, request.url, request.name, request.id, request.description);
console.log(request.headers, request.data);
