const { expect, assert, version, AssertionError } = require("chai");
equal(version, "4.3.8"); // what chai 4.4.1 says of itself
expect({ a: [1, { b: 2 }] }).to.deep.equal({ a: [1, { b: 2 }] });
expect([1, 2, 3]).to.include(2).and.to.have.lengthOf(3);
assert.throws(() => { throw new TypeError("no"); }, TypeError, "no");
throws(() => expect({ a: 1 }).to.eql({ a: 2 }), /expected \{ a: 1 \} to deeply equal \{ a: 2 \}/);
throws(() => expect("x", "why").to.be.a("number"), /why: expected 'x' to be a number/);
try {
    expect(1).to.equal(2);
} catch (error) {
    equal([error instanceof AssertionError, error.name, error.message], [true, "AssertionError", "expected 1 to equal 2"]);
}
// It knows Buffers without loading them.
const { Buffer } = require("buffer");
throws(() => expect(Buffer.from("ab")).to.equal(1), /^AssertionError: expected Buffer\[ 97, 98 \] to equal 1$/);
throws(() => expect(new Uint8Array([97])).to.equal(1), /expected Uint8Array\[ 97 \] to equal 1/);
