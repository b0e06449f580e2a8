/* oracle { "context": { "request": { "url": { "raw": "{{baseUrl}}/a/:id", "host": ["{{baseUrl}}"], "path": ["a", ":id"], "variable": [ { "key": "id", "value": "9" } ] } } } } */
console.log(pm.request.url.toString(), pm.request.url.getPath(), pm.request.url.getHost());
console.log(pm.variables.replaceIn(pm.request.url.toString()));
console.log(pm.request.url.variables.toObject());
