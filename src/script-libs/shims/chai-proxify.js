// Methods keep the proxy chai gives them, made once; assertions do without theirs (see chai.js).
const protect = require("chai/lib/chai/utils/proxify.js");

module.exports = (target, method) => (method ? protect(target, method) : target);
