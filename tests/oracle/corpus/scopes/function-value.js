pm.globals.set('helper', function () { return 1; }.toString());
console.log(eval(`(${pm.globals.get('helper')})`)());
