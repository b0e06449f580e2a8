pm.environment.set('when', new Date(0));
console.log(pm.environment.get('when'), typeof pm.environment.get('when'));
