// postman-collection names faker's functions when it loads and calls few of them, if any: load faker on the call.
const lazy = (get) => new Proxy({}, { get: (_, name) => get(name) });

module.exports = lazy((group) => lazy((name) => (...of) => require("internal/faker")[group][name](...of)));
