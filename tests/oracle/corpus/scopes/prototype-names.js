pm.environment.set('hasOwnProperty', 'h');
console.log(pm.environment.get('hasOwnProperty'), pm.environment.has('toString'), pm.environment.get('valueOf'));
