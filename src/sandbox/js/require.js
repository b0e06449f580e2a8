// @ts-check
/**
 * `require` of scripts: Postman's list of libraries, loaded when first asked for; and `pm.require` over the packages
 * the runner has resolved.
 */
'use strict';

/** Names Postman's sandbox knows. */
const KNOWN = new Set([
  'ajv', 'assert', 'atob', 'backbone', 'btoa', 'buffer', 'chai', 'cheerio', 'crypto-js', 'csv-parse/lib/sync',
  'events', 'fs', 'json', 'lodash', 'moment', 'os', 'path', 'postman-collection', 'punycode', 'querystring', 'stream',
  'string_decoder', 'timers', 'tv4', 'url', 'util', 'uuid', 'xml2js', '_process',
]);

/** What libraries call `globalThis`: scripts have no such name. */
const universe = (0, eval)('this');

/** What libraries call `console`: what they have to say is said to nobody who runs scripts. */
const silent = Object.fromEntries(['log', 'info', 'warn', 'debug', 'error', 'trace'].map((level) => [level, () => {}]));

/** What is done to a library once it is loaded. @type {Record<string, (exports: any) => void>} */
const READY = {
  chai: (chai) => own('./expect').equip(chai),
  'postman-collection': (sdk) => own('./sdk/index').adopt(sdk),
};

/** @type {Map<string, {exports: any}>} every module of this engine, by name */
const modules = new Map();

/** The one `require` of an engine. @param {any} [name] */
function require(name) {
  name = String(name);
  if (!KNOWN.has(name)) {
    throw Object.assign(new Error(`Cannot find module '${name}'`), { code: 'MODULE_NOT_FOUND' });
  }
  return library(name);
}

/** A library, or one that a library needs. @param {string} name */
function library(name) {
  let module = modules.get(name);
  if (module) return module.exports;
  if (name === 'fs') return keep(name, { exports: {} }).exports;
  const wrapper = host.loadModule(name);
  if (!wrapper) {
    const why = host.moduleMissing();
    throw Object.assign(
      new Error(why ? `Cannot load module '${name}': ${why}` : `Cannot find module '${name}'`),
      { code: 'MODULE_NOT_FOUND' });
  }
  module = keep(name, { exports: {} });
  try {
    Reflect.apply(wrapper, module.exports, [library, module, module.exports, universe, silent]);
    READY[name]?.(module.exports);
  } catch (error) {
    modules.delete(name);
    throw error;
  }
  return module.exports;
}

/** @param {string} name @param {{exports: any}} module */
function keep(name, module) {
  modules.set(name, module);
  return module;
}

/** What packages from outside Postman's library must not see. */
const EXTERNAL = /^[^:]+:.+$/;

/**
 * `pm.require`, over `options.resolvedPackages`: name → `{data}` or `{error}`. Packages share the script's scope.
 * @param {import('./execution').Execution} execution
 * @param {(name: string, source: string, hidden: string[]) => (exports: any, module: any) => void} evaluate
 */
function createPackageRequire(execution, evaluate) {
  const packages = execution.options.resolvedPackages;
  if (!packages) return execution.options.withoutPackages ? refusePackage : undefined;
  /** @type {Map<string, {id: string, exports: any}>} */
  const cache = new Map();
  return (/** @type {any} */ given) => {
    const name = String(given);
    const file = Object.hasOwn(packages, name) ? packages[name] : undefined;
    if (!file) throw new Error(`Cannot find package '${name}'`);
    if (file.error) throw new Error(`Error while loading package '${name}': ${file.error}`);
    let module = cache.get(name);
    if (module) return module.exports;
    module = { id: name, exports: {} };
    // Before it runs, so that circular packages see what there is so far.
    cache.set(name, module);
    try {
      evaluate(name, file.data ?? '', EXTERNAL.test(name) ? ['pm'] : [])(module.exports, module);
    } catch (error) {
      const message = /** @type {any} */ (error)?.message || error;
      throw new Error(`Error in package '${name}': ${message}`);
    }
    return module.exports;
  };
}

/** `pm.require` where nobody resolves packages. @param {any} [given] @returns {never} */
function refusePackage(given) {
  const name = String(given);
  const [, known = ''] = /^npm:([^@]+)/.exec(name) ?? [];
  const instead = KNOWN.has(known) ? `require('${known}') gives the one that is built in`
    : 'put its code into the script, or use require() for the libraries that are built in';
  throw new Error(`pm.require: the package '${name}' cannot be fetched: Postman's cloud has it, and only Postman's app reaches that; ${instead}`);
}

module.exports = { require, createPackageRequire, library, requireLibrary: library };
