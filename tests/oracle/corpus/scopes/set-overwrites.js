pm.environment.set('shared', 'once');
pm.environment.set('shared', 'twice');
console.log(pm.environment.get('shared'), pm.environment.values.count());
