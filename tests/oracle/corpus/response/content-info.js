console.log(pm.response.contentInfo());
