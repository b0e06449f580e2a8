pm.environment.set('a', '{{b}}');
pm.environment.set('b', '{{a}}');
console.log(pm.variables.replaceIn('{{a}}').length < 10000);
