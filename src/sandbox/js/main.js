// @ts-check
/**
 * Boots the sandbox: our own module loader, the scripts' global object, and the entry points the engine's event
 * loop calls. Evaluated once an engine, with the native loader `(name) => wrapper | undefined` in place of `own`.
 */
'use strict';

const load = /** @type {any} */ (own);

/** What our files call `globalThis`: scripts have no such name. */
const universe = (0, eval)('this');

/** @type {Map<string, {exports: any}>} */
const loaded = new Map();

/**
 * `own` for the files of one folder.
 * @param {string[]} folder
 * @returns {(path: string) => any}
 */
function ownFrom(folder) {
  // Files ask for one another when they need them: often.
  /** @type {Map<string, {exports: any}>} */
  const known = new Map();
  return (path) => {
    let file = known.get(path);
    if (!file) {
      file = fileOf(resolve(folder, path));
      known.set(path, file);
    }
    return file.exports;
  };
}

/** A file, loaded if need be. @param {string} name @returns {{exports: any}} */
function fileOf(name) {
  let file = loaded.get(name);
  if (file) return file;
  const wrapper = load(name);
  if (!wrapper) throw new Error(`postproof has no file '${name}'`);
  file = { exports: {} };
  loaded.set(name, file);
  wrapper(file, file.exports, ownFrom(name.split('/').slice(0, -1)), host, universe);
  return file;
}

/**
 * @param {string[]} folder
 * @param {string} path `./name`, `../name`, `./folder/name`
 */
function resolve(folder, path) {
  const parts = folder.slice();
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.') parts.push(part);
  }
  return parts.join('/');
}

const ownHere = ownFrom([]);
const endProse = ownHere('./universe').clean();
const { createSandbox } = ownHere('./sandbox');
/** @param {string} name */
const invent = (name) => ownHere('./replace').invented(name);
module.exports = { ...createSandbox(), endProse, invent };
