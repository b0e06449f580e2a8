console.log(pm.execution.location, pm.execution.location.current, pm.execution.location.length);
pm.execution.location.current = 'other';
console.log(pm.execution.location.current, Array.isArray(pm.execution.location), Object.keys(pm.execution));
