const clone = require("internal/structured-clone");
const original = { when: new Date(5), map: new Map([["k", new Set([1])]]), pattern: /a/gi, bytes: new Uint8Array([1, 2]) };
original.self = original;
const copy = clone(original);
equal([copy !== original, copy.self === copy, copy.when.getTime(), copy.map.get("k").has(1)], [true, true, 5, true]);
equal([String(copy.pattern), [...copy.bytes], copy.bytes.buffer !== original.bytes.buffer], ["/a/gi", [1, 2], true]);
equal([copy.map instanceof Map, clone(new RangeError("x")) instanceof RangeError, clone(1n) === 1n], [true, true, true]);
throws(() => clone(() => 1), /DataCloneError/);
throws(() => clone(Symbol("s")), /DataCloneError/);
const buffer = new ArrayBuffer(4);
equal(clone(buffer, { transfer: [buffer] }).byteLength, 4);
equal(buffer.byteLength, 0);
equal(typeof globalThis.structuredClone, "undefined"); // left to the host to define
