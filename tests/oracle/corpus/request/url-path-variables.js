const variables = pm.request.url.variables;
console.log(variables.get('petId'), variables.count(), pm.request.url.getPath(), pm.request.url.getPath({ unresolved: true }), pm.request.url.getPath(true));
variables.add({ key: 'petId', value: '7' });
console.log(pm.request.url.getPath(), pm.request.url.toString());
