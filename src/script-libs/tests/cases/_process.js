const process = require("_process");
equal([process.title, process.env, typeof globalThis.process], ["browser", {}, "undefined"]);
const ran = [];
await new Promise((resolve) => process.nextTick((x) => resolve(ran.push(x)), 7));
equal(ran, [7]);
