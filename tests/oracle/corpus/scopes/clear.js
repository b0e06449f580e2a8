pm.environment.clear();
console.log(pm.environment.toObject(), pm.environment.values.count());
pm.environment.set('after', 'clear');
console.log(pm.environment.toObject());
