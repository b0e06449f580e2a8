// Scripts may require "fs" and find nothing in it.
module.exports = {};
