console.log(pm.environment.name, typeof pm.globals.name, typeof pm.collectionVariables.name);
