console.log(pm.variables.replaceIn(42), pm.variables.replaceIn(null), pm.variables.replaceIn(undefined), pm.variables.replaceIn(true), pm.variables.replaceIn(''));
