/* oracle { "context": { "environment": [ { "key": "a", "value": "1" }, { "key": "a", "value": "2" } ] } } */
console.log(pm.environment.get('a'), pm.environment.toObject());
pm.environment.set('a', '3');
console.log(pm.environment.get('a'), pm.environment.values.count());
pm.environment.unset('a');
console.log(pm.environment.get('a'), pm.environment.values.count());
