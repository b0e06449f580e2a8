const assert = require("assert");
assert(true);
assert.deepStrictEqual({ a: [1] }, { a: [1] });
throws(() => assert.strictEqual(1, 2), /strictly equal/);
throws(() => assert.equal(1, 2, "mine"), /AssertionError.*mine/);
assert.throws(() => { throw new RangeError("x"); }, RangeError);
