console.log(pm.variables.get('shared'));
pm.variables.set('shared', 'local');
console.log(pm.variables.get('shared'), pm.environment.get('shared'), pm.globals.get('shared'));
pm.variables.unset('shared');
console.log(pm.variables.get('shared'));
