console.log(pm.response.details());
