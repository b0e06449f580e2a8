console.log(pm.info, pm.execution, pm.cookies);
