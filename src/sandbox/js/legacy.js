'use strict';

/**
 * Postman's first script interface, which old collections still speak: `tests`, `postman`, `responseBody`, `_` and so
 * on as globals. Each is built when a script first reads it, so scripts that know only `pm` pay nothing.
 */

const createConsole = own('./console');
const { createPostman } = own('./web/legacy-postman');
const data = own('./web/legacy-data');
const library = own('./web/library');

/** What a deprecation notice recommends; null recommends nothing. */
const ALTERNATIVES = {
  tests: '"pm.test()"',
  globals: '"pm.globals"',
  environment: '"pm.environment"',
  data: '"pm.iterationData"',
  request: '"pm.request"',
  responseCookies: '"pm.cookies"',
  responseHeaders: '"pm.response.headers"',
  responseTime: '"pm.response.responseTime"',
  responseCode: '"pm.response.code"',
  responseBody: '"pm.response.text()"',
  iteration: '"pm.info.iteration"',
  postman: null,
  _: '"require(\'lodash\')"',
  CryptoJS: 'global "crypto" object',
  tv4: '"require(\'ajv\')"',
  xml2Json: '"require(\'xml2js\')"',
  Backbone: null,
  cheerio: '"require(\'cheerio\')"',
  'postman.setNextRequest': '"pm.execution.setNextRequest()"',
  'postman.setEnvironmentVariable': '"pm.environment.set()"',
  'postman.getEnvironmentVariable': '"pm.environment.get()"',
  'postman.clearEnvironmentVariables': '"pm.environment.clear()"',
  'postman.clearEnvironmentVariable': '"pm.environment.unset()"',
  'postman.setGlobalVariable': '"pm.globals.set()"',
  'postman.getGlobalVariable': '"pm.globals.get()"',
  'postman.clearGlobalVariables': '"pm.globals.clear()"',
  'postman.clearGlobalVariable': '"pm.globals.unset()"',
  'postman.getResponseCookie': '"pm.cookies.get()"',
  'postman.getResponseHeader': '"pm.response.headers.get()"',
};

function xml2Json(text) {
  let json = {};
  const options = { explicitArray: false, async: false, trim: true, mergeAttrs: false };
    // An error leaves the result undefined: Postman swallows it.
  library('xml2js').parseString(text, options, (_error, result) => {
    json = result;
  });
  return json;
}

/** A scope's variables as they were when the script began, whatever it has set since. */
function asGiven({ context }, name) {
  return own('./scopes').createScope(context, name).syncVariablesTo();
}

/** How each global gets its value. @type {Record<string, (session: Session) => unknown>} */
const BUILDERS = {
  tests: () => ({}),
  globals: ({ execution }) => asGiven(execution, 'globals'),
  environment: ({ execution }) => asGiven(execution, 'environment'),
  data: ({ execution }) => execution.context?.data ?? {},
  request: ({ execution }) => data.request(execution),
  iteration: ({ execution }) => execution.cursor?.iteration,
  postman: (session) => createPostman(session),
  _: () => library('internal/lodash3'),
  CryptoJS: () => library('crypto-js'),
  tv4: () => library('tv4'),
  xml2Json: () => xml2Json,
  Backbone: () => library('backbone'),
  cheerio: () => library('cheerio'),
};

/** Globals there are only in scripts that have a response. @type {Record<string, (session: Session) => unknown>} */
const RESPONSE_BUILDERS = {
  responseCookies: ({ execution }) => execution.cookies ?? [],
  responseHeaders: ({ execution }) => data.responseHeaders(execution.response),
  responseTime: ({ execution }) => execution.response.responseTime,
  responseCode: ({ execution }) => ({ ...execution.response.details() }),
  responseBody: ({ execution }) => data.responseBody(execution.response),
};

/** The legacy globals of one script. */
class Session {
    /** Values as built, without their watching proxies. */
  #raw = new Map();
    /** What scripts read: proxies of the raw values, or what a script assigned. */
  #shown = new Map();
  #noticed = new Set();
    /** What `tests` was before a script made it another object: it counts all the same. */
  #earlierTests = [];
    /** What was told of each entry, by the object it is of. */
  #reported = new Map();
  #index;
  #watching = true;

  constructor(execution, pm) {
    this.execution = execution;
    this.pm = pm;
    this.console = createConsole(execution);
  }

  get hasResponse() {
    return Boolean(this.execution.response);
  }

    /** @returns {any} the value itself, which tells nobody that it is read */
  raw(name) {
    if (!this.#raw.has(name)) {
            // A library that looks for its own global while it loads finds none.
      this.#raw.set(name, undefined);
      this.#raw.set(name, (BUILDERS[name] ?? RESPONSE_BUILDERS[name])(this));
    }
    return this.#raw.get(name);
  }

  read(name) {
    if (!this.#shown.has(name)) this.#shown.set(name, this.#watched(name, this.raw(name)));
    return this.#shown.get(name);
  }

  assign(name, value) {
    if (name === 'tests' && this.#raw.has(name)) this.#earlierTests.push(this.#raw.get(name));
    this.#shown.set(name, value);
    this.#raw.set(name, value);
  }

    /** Warns the script's author once that there is a better way. @param {string} key */
  notice(key) {
    if (!this.#watching || this.#noticed.has(key)) return;
    this.#noticed.add(key);
    const alternative = ALTERNATIVES[key];
    if (alternative) this.console.warn(`Using "${key}" is deprecated. Use ${alternative} instead.`);
    else if (alternative === null) this.console.warn(`Using "${key}" is deprecated.`);
  }

  #watched(name, value) {
    if (value === null || (typeof value !== 'object' && typeof value !== 'function')) return value;
    const notice = () => this.notice(name);
    const noticeMember = (key) => this.notice(`postman.${String(key)}`);
    return new Proxy(value, {
      set(target, key, assigned) {
        notice();
        target[key] = assigned;
        return true;
      },
      get(target, key) {
        if (name === 'postman') noticeMember(key);
        else notice();
        return target[key];
      },
      apply(target, self, args) {
        notice();
        return Reflect.apply(target, self, args);
      },
    });
  }

    /**
     * Reports `tests`: all of it when the script is over, and when its timers are over what they added or changed,
     * which Postman loses.
     */
  report() {
    const all = [...this.#earlierTests, this.#raw.get('tests')].filter((tests) => typeof tests === 'object' && tests !== null);
    if (all.length === 0) return;
    this.#watching = false;
    this.#index ??= this.pm.test.index();
    const assertions = all.flatMap((tests) => this.#news(tests));
    if (assertions.length > 0) this.execution.emit('assertion', assertions);
    this.#watching = true;
  }

    /** Assertions of what was not told yet. */
  #news(tests) {
    const told = this.#reported.get(tests) ?? new Map();
    this.#reported.set(tests, told);
    const assertions = [];
    for (const [name, value] of Object.entries(tests)) {
      const passed = Boolean(value);
      if (told.get(name) === passed) continue;
      told.set(name, passed);
      assertions.push({ name, skipped: false, passed, error: passed ? null : untruthy(value), index: this.#index++ });
    }
    return assertions;
  }
}

function untruthy(value) {
  const error = new Error(`expected ${String(value)} to be truthy`);
  error.name = 'AssertionError';
  return error;
}

/** The session of each script, by what it sees: its scope, and `this`. @type {WeakMap<object, any>} */
const sessions = new WeakMap();

/** The legacy globals on objects that scopes share: a script pays for those it names. */
function shared(builders) {
  const names = {};
  for (const name of builders.flatMap(Object.keys)) {
    Object.defineProperty(names, name, {
      get() { return sessions.get(this)?.read(name); },
      set(value) { sessions.get(this)?.assign(name, value); },
      enumerable: true,
      configurable: true,
    });
  }
  return Object.setPrototypeOf(names, null);
}
const WITHOUT_RESPONSE = shared([BUILDERS]);
const WITH_RESPONSE = shared([BUILDERS, RESPONSE_BUILDERS]);

/**
 * A scope that sees what another one sees, and the legacy globals.
 *
 * @param {any} execution with Postman's `environment globals request response cookies` on it
 * @param {any} base whose `pm` it is
 */
function legacyScope(execution, base) {
  const session = new Session(execution, base.pm);
  const scope = Object.assign(Object.create('response' in execution ? WITH_RESPONSE : WITHOUT_RESPONSE), base);
  scope.JSON = own('./web/json');
  sessions.set(scope, session);
  const report = () => session.report();
  execution.settlers.push(report);
  execution.finishers.push(report);
  return scope;
}

/** Lets another object show what that scope does. */
function shareLegacy(scope, object) {
  const session = sessions.get(scope);
  if (session) sessions.set(object, session);
}

module.exports = { legacyScope, shareLegacy };
