require("core-js/modules/web.structured-clone.js");

module.exports = globalThis.structuredClone;
