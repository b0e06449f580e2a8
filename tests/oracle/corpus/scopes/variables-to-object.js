console.log(pm.variables.toObject());
