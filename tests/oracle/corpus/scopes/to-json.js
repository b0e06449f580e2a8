pm.environment.set('n', 1);
console.log(JSON.stringify(pm.globals.toJSON().values));
console.log(JSON.stringify(pm.environment.values));
