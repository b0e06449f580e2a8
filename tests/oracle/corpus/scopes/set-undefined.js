pm.environment.set('a', undefined);
pm.environment.set('baseUrl', undefined);
console.log(pm.environment.has('a'), pm.environment.get('a'), pm.environment.get('baseUrl'));
