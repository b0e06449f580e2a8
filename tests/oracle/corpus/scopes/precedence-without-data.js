/* oracle { "context": { "data": {} } } */
console.log(pm.variables.get('shared'));
pm.environment.unset('shared');
console.log(pm.variables.get('shared'));
pm.collectionVariables.unset('shared');
console.log(pm.variables.get('shared'));
pm.globals.unset('shared');
console.log(pm.variables.get('shared'));
