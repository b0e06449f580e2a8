console.log(function named () {}, () => {}, class A {}, async () => {}, function* gen () {}, Math.max, { method () {} });
