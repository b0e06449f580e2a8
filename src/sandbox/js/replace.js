'use strict';
/**
 * Replaces `{{name}}` in strings, arrays and objects by the values of variables, else by dynamic variables.
 *
 * @typedef {(name: string) => ({ toString(): string } | undefined)} Find
 */

const TOKEN = /\{\{([^{}]*?)\}\}/g;

/** Values may hold tokens themselves; Postman gives up after this many passes, which is also what ends a cycle. */
const MAX_PASSES = 19;

/** @returns {string | undefined} */
function lookup(name, find) {
  const variable = find(name);
  if (variable) return variable.toString();
  return name.startsWith('$') ? host.dynamic(name) ?? invented(name) : undefined;
}

/** What only faker can make up: names, addresses, phrases. Nothing when the build left it out. @returns {string | undefined} */
function invented(name) {
  const sdk = own('./sdk/library').libraryIfBuilt('postman-collection');
  const token = `{{${name}}}`;
  const text = sdk?.Property.replaceSubstitutions(token, []);
  return text === token ? undefined : text;
}

/**
 * @param {string} text
 * @param {Find} find
 * @returns {string}
 */
function replaceInString(text, find) {
  let result = text;
  let replaced = result.includes('{{');
  for (let pass = 0; replaced && pass < MAX_PASSES; pass += 1) {
    replaced = false;
    result = result.replace(TOKEN, (token, name) => {
      replaced = true;
      const value = lookup(name, find);
      return value === undefined ? token : value;
    });
  }
  return result;
}

/** Nested values are rewritten in place: Postman does, and scripts rely on it. */
function rewrite(value, find) {
  if (typeof value === 'string') return replaceInString(value, find);
  if (value !== null && typeof value === 'object') {
    for (const key of Object.keys(value)) value[key] = rewrite(value[key], find);
  }
  return value;
}

/**
 * @param {*} template strings are replaced, arrays and nested objects rewritten, anything else returned as it is
 * @param {Find} find
 * @returns {*} for an object, a new object
 */
function replaceIn(template, find) {
  if (template === null || typeof template !== 'object' || Array.isArray(template)) return rewrite(template, find);
  const result = {};
  for (const key in template) result[key] = rewrite(template[key], find);
  return result;
}

module.exports = { replaceIn, invented };
