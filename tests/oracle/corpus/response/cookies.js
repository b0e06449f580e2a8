console.log(pm.response.cookies && pm.response.cookies.count());
