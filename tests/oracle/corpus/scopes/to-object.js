console.log(pm.environment.toObject());
console.log(pm.globals.toObject());
console.log(pm.collectionVariables.toObject());
console.log(pm.iterationData.toObject());
