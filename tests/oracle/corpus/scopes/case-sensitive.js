pm.environment.set('Token', '1');
console.log(pm.environment.get('token'), pm.environment.get('Token'), pm.environment.has('TOKEN'));
