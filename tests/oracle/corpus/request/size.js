console.log(pm.request.size());
