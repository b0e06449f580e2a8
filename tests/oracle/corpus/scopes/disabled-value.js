console.log(pm.environment.get('off'), pm.environment.has('off'), pm.environment.toObject());
pm.environment.set('off', 'on now');
console.log(pm.environment.get('off'), pm.environment.has('off'));
