/* oracle { "options": { "legacy": null } } */
console.log(pm.execution.location, pm.execution.location.current);
