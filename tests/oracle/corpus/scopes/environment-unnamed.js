/* oracle { "context": { "environment": [ { "key": "a", "value": "1" } ] } } */
console.log(pm.environment.name, pm.environment.get('a'));
