console.log(environment.baseUrl, environment.count, environment.off, globals.onlyGlobal, data.user);
console.log(Object.keys(environment), JSON.stringify(globals), data);
