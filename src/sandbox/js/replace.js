'use strict';
/**
 * Replaces `{{name}}` in strings, arrays and objects by the values of variable lists, then by dynamic variables.
 *
 * @typedef {{ oneNormalizedVariable(name: string): ({ disabled?: boolean, toString(): string } | undefined) }} VariableSource
 */

const TOKEN = /\{\{([^{}]*?)\}\}/g;

/** Values may hold tokens themselves; Postman gives up after this many passes, which is also what ends a cycle. */
const MAX_PASSES = 19;

/**
 * @param {string} name
 * @param {VariableSource[]} sources first one that knows the name wins
 * @returns {string | undefined}
 */
function lookup(name, sources) {
  for (const source of sources) {
    const variable = source.oneNormalizedVariable(name);
    if (variable && !variable.disabled) return variable.toString();
  }
  return name.startsWith('$') ? host.dynamic(name) : undefined;
}

/**
 * @param {string} text
 * @param {VariableSource[]} sources
 * @returns {string}
 */
function replaceInString(text, sources) {
  let result = text;
  let replaced = result.includes('{{');
  for (let pass = 0; replaced && pass < MAX_PASSES; pass += 1) {
    replaced = false;
    result = result.replace(TOKEN, (token, name) => {
      replaced = true;
      const value = lookup(name, sources);
      return value === undefined ? token : value;
    });
  }
  return result;
}

/** Nested values are rewritten in place: Postman does, and scripts rely on it. */
function rewrite(value, sources) {
  if (typeof value === 'string') return replaceInString(value, sources);
  if (value !== null && typeof value === 'object') {
    for (const key of Object.keys(value)) value[key] = rewrite(value[key], sources);
  }
  return value;
}

/**
 * @param {*} template strings are replaced, arrays and nested objects rewritten, anything else returned as it is
 * @param {VariableSource[]} sources
 * @returns {*} for an object, a new object
 */
function replaceIn(template, sources) {
  if (template === null || typeof template !== 'object' || Array.isArray(template)) return rewrite(template, sources);
  const result = {};
  for (const key in template) result[key] = rewrite(template[key], sources);
  return result;
}

module.exports = { replaceIn };
