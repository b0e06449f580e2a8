console.log(JSON.stringify(pm.request));
