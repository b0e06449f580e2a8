const _ = require("lodash");
equal(_.VERSION, "4.18.1");
equal(_.template("hello <%= user %>!")({ user: "fred" }), "hello fred!");
const original = { a: [new Date(0), /x/g, new Map([[1, 2]])] };
const copy = _.cloneDeep(original);
equal([copy.a !== original.a, copy.a[0].getTime(), String(copy.a[1]), copy.a[2].get(1)], [true, 0, "/x/g", 2]);
equal(_.get({ a: [{ b: { c: 3 } }] }, "a[0].b.c"), 3);
equal(_.chunk([1, 2, 3], 2), [[1, 2], [3]]);
equal(_.sortBy([{ n: 2 }, { n: 1 }], "n"), [{ n: 1 }, { n: 2 }]);
equal(_.camelCase("Foo Bar"), "fooBar");
// It knows Buffers without loading them.
const { Buffer } = require("buffer");
equal([Buffer.from("a"), new Uint8Array(1), "a", null].map((value) => _.isBuffer(value)), [true, false, false, false]);
equal(_.cloneDeep({ b: Buffer.from("ab") }).b.toString(), "ab");
