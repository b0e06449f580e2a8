console.log(pm.environment.values.map((variable) => `${variable.key}=${variable.value}`));
console.log(pm.environment.values.count(), pm.environment.values.has('count'), pm.environment.values.get('count'));
pm.environment.values.each((variable) => console.log(variable.key, variable.disabled, variable.type));
