console.log(Object.keys(pm.response.toJSON()).sort());
