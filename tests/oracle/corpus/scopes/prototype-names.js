console.log(pm.environment.has('toString'), pm.environment.get('valueOf'), pm.globals.get('constructor'), pm.variables.has('__proto__'));
console.log(pm.variables.replaceIn('{{toString}} {{constructor}}'));
