pm.environment = 'x';
pm.variables = 5;
pm.globals = null;
console.log(typeof pm.environment.get, typeof pm.variables.get, typeof pm.globals.get);
