// chai with its guard against misspelt properties at the end of the prototype chain, where the engine comes only for
// what no assertion has. A proxy around every assertion, as chai makes one, runs JavaScript for every property there is.
const chai = require("chai/index.js");
const protect = require("chai/lib/chai/utils/proxify.js");

const { config } = chai;
const { prototype } = chai.Assertion;

// Looked for in every new assertion, before it is there.
Object.defineProperty(prototype, "__flags", { value: undefined, writable: true });

const guard = {
  get(beneath, property, assertion) {
    const misspelt = config.useProxy && typeof property === "string" && !(property in beneath)
      && !config.proxyExcludedKeys.includes(property);
    // Throws, with the name that may have been meant.
    return misspelt ? protect(assertion)[property] : Reflect.get(beneath, property, assertion);
  },
};
Object.setPrototypeOf(prototype, new Proxy(Object.create(Object.prototype), guard));

module.exports = chai;
