pm.iterationData.unset('user');
console.log(pm.iterationData.has('user'), pm.variables.get('user'));
pm.iterationData.set('user', 'bob');
console.log(pm.iterationData.get('user'), pm.variables.get('user'));
