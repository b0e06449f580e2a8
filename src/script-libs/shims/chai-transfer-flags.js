// Every step of a chain passes on the flags of the one before it: at once, where the engine's own loop is slow.
const transfer = require("chai/lib/chai/utils/transferFlags.js");

module.exports = (from, to, ...includeAll) => {
  if (includeAll.length > 0 || !from.__flags || !to.__flags) transfer(from, to, ...includeAll);
  else Object.assign(to.__flags, from.__flags);
};
