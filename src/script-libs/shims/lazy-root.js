// For lodash, which takes Buffer from the global object: one that shows through, and loads nothing yet.
import { Buffer } from "./lazy-buffer.js";

const host = Function("return this")();
const root = Object.create(host, { Buffer: { value: Buffer, writable: true, configurable: true } });

export { root as globalThis };
