const _ = require("internal/lodash3");
equal(_.VERSION, "3.10.2");
equal(_.pluck([{ a: 1 }, { a: 2 }], "a"), [1, 2]);
equal(_.contains([1, 2], 2), true);
equal(_.template("<%= n + 1 %>")({ n: 1 }), "2");
