['shared', 'baseUrl', 'onlyGlobal', 'onlyCollection', 'onlyLocal', 'user', 'off', 'nope'].forEach((name) => {
    console.log(name, pm.environment.has(name), pm.globals.has(name), pm.collectionVariables.has(name),
        pm.iterationData.has(name), pm.variables.has(name));
});
