'use strict';

/** A bundled library's exports, loaded on first use. @param {string} name @throws {Error} when the build left it out */
module.exports = (name) => own('../require').library(name);
