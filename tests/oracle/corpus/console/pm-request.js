console.log(pm.request);
