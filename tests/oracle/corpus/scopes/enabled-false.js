/* oracle { "context": { "environment": [ { "key": "a", "value": "1", "enabled": false }, { "key": "b", "value": "2", "disabled": true } ] } } */
console.log(pm.environment.get('a'), pm.environment.get('b'), pm.environment.toObject(), pm.variables.has('b'));
