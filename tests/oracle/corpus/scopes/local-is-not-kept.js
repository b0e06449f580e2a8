pm.variables.set('mine', 1);
console.log(pm.variables.get('mine'));
//---
console.log(pm.variables.get('mine'), pm.environment.get('mine'));
