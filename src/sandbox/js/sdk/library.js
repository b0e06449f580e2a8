'use strict';
/**
 * The real libraries, for what is too rare or too large to have a light form. Loaded on first use.
 */

/** A bundled library's exports. @param {string} name @throws {Error} when the build left it out */
const library = (name) => own('../require').library(name);

/** The same, or undefined when the build left it out. @param {string} name */
function libraryIfBuilt(name) {
  try {
    return library(name);
  } catch {
    return undefined;
  }
}

/** The real postman-collection. */
const sdk = () => library('postman-collection');

module.exports = { library, libraryIfBuilt, sdk };
