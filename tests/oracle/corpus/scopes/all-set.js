pm.globals.set('g', 'global');
pm.collectionVariables.set('c', 'collection');
pm.environment.set('e', 'environment');
pm.variables.set('l', 'local');
console.log(['g', 'c', 'e', 'l'].map((name) => pm.variables.get(name)));
