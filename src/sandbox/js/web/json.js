'use strict';

/**
 * The `JSON` of scripts: tolerant of a byte order mark, and with errors that show the place, as liquid-json has it.
 * The library itself loads when there is an error to explain.
 */

const { parse, stringify } = JSON;
const ERROR_NAME = 'JSONError';

/** How texts start that carry a byte order mark, also one that was decoded by mistake. */
const MARKED = /^[\ufeff\ubbbf\u00fe\u00ff\u00ef]/;

/** liquid-json itself calls the global `JSON`, which may be this one. */
let explaining = false;

function explain(text, reviver, relaxed) {
    // The one text the library leaves to the engine, whose words are not V8's.
  if (text === undefined) throw named(new SyntaxError('"undefined" is not valid JSON'));
  explaining = true;
  try {
    return own('./library')('json').parse(text, reviver, relaxed);
  } finally {
    explaining = false;
  }
}

function named(error) {
  error.name = ERROR_NAME;
  return error;
}

module.exports = {
  parse(text, reviver, relaxed) {
    if (explaining) return parse(text, reviver);
    if (typeof text === 'string' && MARKED.test(text)) return explain(text, reviver, relaxed);
    try {
      return parse(text, reviver);
    } catch {
      return explain(text, reviver, relaxed);
    }
  },

    /** @param {[any, any?, any?]} args */
  stringify(...args) {
    try {
      return stringify(...args);
    } catch (error) {
      if (error?.message === 'circular reference') {
        error.message = own('./json-circle')(args[0]) ?? error.message;
      }
      throw named(error);
    }
  },
};
