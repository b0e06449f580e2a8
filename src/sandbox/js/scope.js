// @ts-check
/**
 * What a script sees: `pm`, `console`, `require`, timers and the legacy names in a scope of its own, everything else
 * on the engine's global object. There undeclared variables end up too, which is how they outlive their script.
 */
'use strict';

const { require, createPackageRequire } = own('./require');
const { remember, rememberPackage } = own('./wording');

const universe = (0, eval)('this');
/** Names of the clean global object: what `this` of a script shows beside its scope. */
let standard = Object.getOwnPropertyNames(universe);
/** Of the script's own names, those that libraries look for on the global object. */
const LATEST = ['console', 'setTimeout', 'setInterval', 'setImmediate', 'clearTimeout', 'clearInterval', 'clearImmediate'];

const FILE = 'sandbox-script.js';

/** Two lines before the script, see `evaluate` in raw.rs. The semicolon keeps "use strict" from being a directive. */
const HEADER = '(function () { with (arguments[0]) {\nreturn async () => {; var arguments;\n';
const PACKAGE_HEADER = '(function () { with (arguments[0]) {\nreturn (exports, module) => {; var arguments;\n';
const FOOTER = '\n}}})';

/** @param {string} name @returns {any} one of our files, or nothing when this build has none of that name */
function optional(name) {
  try {
    return own(name);
  } catch (error) {
    if (/^postproof has no file/.test(/** @type {Error} */ (error).message)) return undefined;
    throw error;
  }
}

/** The scope of the script begun last. @type {any} */
let latest = {};

/** Web APIs on the global object, made when they are first looked at; and what libraries expect to find there. */
function defineGlobals() {
  for (const name of LATEST) {
    Object.defineProperty(universe, name, { get: () => latest[name], set: undefined, configurable: true });
  }
  const getters = optional('./globals')?.(host) ?? {};
  for (const name of Object.keys(getters)) lazily(universe, name, getters[name]);
  standard = [...new Set([...standard, ...Object.keys(getters)])];
}

/**
 * A property that is computed once, and can be replaced.
 * @param {any} target @param {string} name @param {() => any} make
 */
function lazily(target, name, make) {
  /** @param {any} object @param {any} value */
  const define = (object, value) => Object.defineProperty(object, name, {
    value, writable: true, enumerable: false, configurable: true,
  });
  Object.defineProperty(target, name, {
    get() {
      const value = make();
      define(target, value);
      return value;
    },
    set(value) { define(this ?? target, value); },
    enumerable: false,
    configurable: true,
  });
}

/**
 * @param {import('./execution').Execution} execution
 * @param {Record<string, any>} timers
 */
function createScope(execution, timers) {
  // Packages share everything but the legacy names: those are a scope further in.
  const base = Object.assign(Object.create(null), timers);
  base.console = optional('./console')?.(execution) ?? plainConsole(execution);
  base.require = require;
  execution.console = base.console;
  execution.requirePackage = createPackageRequire(execution, (name, code, hidden) => evaluatePackage(name, code, base, hidden));
  base.pm = optional('./pm')?.(execution);
  latest = base;
  if (!execution.legacy) return Object.create(base);
  return optional('./legacy')?.legacyScope(execution, base) ?? Object.create(base);
}

/** Until `console.js` is there. @param {import('./execution').Execution} execution */
function plainConsole(execution) {
  /** @type {Record<string, any>} */
  const console = {};
  for (const level of ['log', 'info', 'warn', 'debug', 'error', 'clear']) {
    console[level] = (/** @type {any[]} */ ...args) => execution.emit('console', level, ...args);
  }
  return console;
}

/** @param {string} source @param {any} scope @returns {Promise<any>} */
function runInScope(source, scope) {
  remember(source, (name) => (name in scope ? scope[name] : universe[name]));
  return compile(HEADER, source, scope)();
}

/** @param {string} name @param {string} source @param {any} scope @param {string[]} hidden names it must not see */
function evaluatePackage(name, source, scope, hidden) {
  const visible = Object.create(scope);
  for (const global of hidden) visible[global] = undefined;
  rememberPackage(name, source);
  return compile(PACKAGE_HEADER, source, visible, name);
}

/** What a module exports that sees nothing of any script. @param {string} source */
function evaluateModule(source) {
  const module = { exports: {} };
  compile(PACKAGE_HEADER, source, Object.assign(Object.create(null), { require }))(module.exports, module);
  return module.exports ?? {};
}

/**
 * A script, compiled.
 * @typedef {object} Compiled
 * @property {(scope: any) => any} make
 * @property {boolean} looksAtThis whether it may
 */

/** @type {Map<string, Compiled>} scripts compiled lately: most run again with the next iteration */
const compiled = new Map();
/** Scripts kept compiled. */
const KEPT = 128;

/** Code as a function of a scope. @param {string} code @param {string} file @returns {Compiled} */
function made(code, file) {
  const known = compiled.get(code);
  if (known) return known;
  own('./web/sugar').prepareFor(code);
  const script = { make: host.compile(code.toWellFormed(), file), looksAtThis: mayLookAtThis(code) };
  if (compiled.size >= KEPT) compiled.delete(/** @type {string} */ (compiled.keys().next().value));
  compiled.set(code, script);
  return script;
}

const THIS = /\b(?:this|eval)\b/;
const TEXT_OR_COMMENT = /\/\/.*|\/\*[^]*?\*\/|"(?:\\[^]|[^"\\\n])*"|'(?:\\[^]|[^'\\\n])*'/g;

/**
 * Whether code may look at `this`, which is dear to make: not where only texts and comments have the word ("this must be
 * 200"). Quotes in a template or in a regular expression would mislead: there it may.
 * @param {string} code
 */
function mayLookAtThis(code) {
  if (!THIS.test(code)) return false;
  const rest = code.replace(TEXT_OR_COMMENT, ' ');
  return /[/`]/.test(rest) || THIS.test(rest);
}

/** Code as a function over a scope. @param {string} header @param {string} source @param {any} scope @param {string} [file] */
function compile(header, source, scope, file = FILE) {
  const { make, looksAtThis } = made(`${header}${source}${FOOTER}`, file);
  return Reflect.apply(make, looksAtThis ? thisOf(scope) : {}, [scope]);
}

/** What `this` is in a script. @param {any} scope */
function thisOf(scope) {
  const object = {};
  for (const name of standard) copy(universe, name, object);
  for (const names of [Object.getPrototypeOf(scope), scope]) {
    for (const name of Object.keys(names ?? {})) copy(names, name, object);
  }
  optional('./legacy')?.shareLegacy(scope, object);
  return object;
}

/** @param {any} from @param {string} name @param {any} to */
function copy(from, name, to) {
  const property = Object.getOwnPropertyDescriptor(from, name);
  if (property) Object.defineProperty(to, name, { ...property, enumerable: true, configurable: true });
}

defineGlobals();

module.exports = { createScope, evaluateModule, runInScope };
