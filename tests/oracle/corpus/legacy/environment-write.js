environment.baseUrl = 'changed';
environment.added = 'x';
console.log(environment.baseUrl, pm.environment.get('baseUrl'), pm.environment.get('added'));
