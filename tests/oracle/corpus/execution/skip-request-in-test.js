pm.execution.skipRequest();
console.log('never');
