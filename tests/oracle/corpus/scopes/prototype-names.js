pm.environment.set('constructor', 'c');
pm.environment.set('__proto__', 'p');
pm.environment.set('hasOwnProperty', 'h');
console.log(pm.environment.get('constructor'), pm.environment.get('hasOwnProperty'), pm.environment.has('toString'));
