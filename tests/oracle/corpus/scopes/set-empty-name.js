pm.environment.set('', 'x');
pm.environment.set(null, 'y');
pm.environment.set(5, 'five');
console.log(pm.environment.get('5'), pm.environment.get(''), pm.environment.toObject());
