console.log(typeof pm.test, typeof pm.expect, typeof pm.test.skip, Object.keys(pm).sort());
