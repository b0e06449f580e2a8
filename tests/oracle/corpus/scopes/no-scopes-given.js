/* oracle { "context": { "environment": null, "globals": null, "collectionVariables": null, "_variables": null, "data": null } } */
pm.environment.set('a', 'b');
pm.collectionVariables.set('c', 'd');
console.log(pm.environment.toObject(), pm.globals.toObject(), pm.variables.toObject(), pm.iterationData.toObject());
