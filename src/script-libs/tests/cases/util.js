const util = require("util");
equal(util.inspect({ a: { b: { c: {} } } }), "{ a: { b: { c: {} } } }");
equal(util.format("%s=%d %j", "a", 1, { b: 2 }), 'a=1 {"b":2}');
function Child() {}
util.inherits(Child, Array);
equal([util.isArray([]), new Child() instanceof Array, Child.super_ === Array], [true, true, true]);
equal(typeof util.debuglog("net"), "function");
