console.log(typeof pm.require);
