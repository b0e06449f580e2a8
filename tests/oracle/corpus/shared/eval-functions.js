/* oracle { "context": { "globals": { "values": [ { "key": "lib", "value": "(function () { return { add: function (a, b) { return a + b; } }; })()" } ] } } } */
utils = eval(pm.globals.get('lib'));
console.log(utils.add(1, 2));
//---
console.log(utils.add(3, 4));
