postman.clearEnvironmentVariables();
postman.clearGlobalVariables();
console.log(pm.environment.toObject(), pm.globals.toObject(), environment, globals);
