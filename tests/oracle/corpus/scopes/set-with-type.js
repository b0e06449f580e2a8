pm.environment.set('n', '42', 'number');
pm.environment.set('b', 'true', 'boolean');
pm.environment.set('s', 42, 'string');
pm.environment.set('j', '{"a":1}', 'json');
pm.environment.set('any', 42, 'any');
console.log(pm.environment.get('n'), pm.environment.get('b'), pm.environment.get('s'), pm.environment.get('j'), pm.environment.get('any'));
