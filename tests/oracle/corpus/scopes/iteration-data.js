console.log(pm.iterationData.get('user'), pm.iterationData.get('age'), typeof pm.iterationData.get('age'));
console.log(pm.iterationData.has('nope'), pm.iterationData.get('nope'), pm.iterationData.toObject());
