'use strict';
/**
 * Puts `pm` together, every member built when a script first touches it.
 * Of the execution (see `execution.js`) it uses `listen context options protocol cursor disabledAPIs result state finishers
 * emit ask skipRequest requirePackage`, and gives it `describe`.
 */

const { lazyReadonly } = own('./readonly');
const { SCOPE_NAMES, VariableScope, createIterationData, createScope } = own('./scopes');

/** Scripts that have a request or a response even when the context brings none. */
const WITH_REQUEST = ['prerequest', 'test'];
const WITH_RESPONSE = ['test'];

/** What `pm.variables` reads where it has nothing itself, first to last. */
const LAYERS = ['iterationData', 'environment', 'collectionVariables', 'globals'];

class Postman {}
Object.defineProperty(Postman.prototype, 'expect', { get: () => own('./expect').expect(), enumerable: true });

/** @returns {Object} a request or response scripts can make assertions about */
function asserted(kind, definition) {
  const object = new (own('./sdk/index')[kind])(definition);
  own('./expect').attachTo(object);
  return object;
}

/** How each part of what a script works on is built. @type {Record<string, (execution: any) => any>} */
const PARTS = {
  cookies: (execution) => own('./cookies')(execution),
  iterationData: ({ context }) => createIterationData(context),
  request: ({ context }) => asserted('Request', context.request),
  response: ({ context }) => asserted('Response', context.response),
};
for (const name of SCOPE_NAMES) PARTS[name] = (execution) => createScope(execution.context, name, secretSetOf(execution));

/** The runner masks what is secret before it passes on what the script says next. */
function secretSetOf(execution) {
  return isBrief(execution) && ((key, value, known) => execution.emit('secret', key, value, known));
}

/** Ours, not Postman's: who asks for `brief` is told only of what the script has touched, of scopes what it did. */
function isBrief({ options }) {
  return Boolean(options?.brief);
}

/** What was built for each execution. @type {{ get(execution: object): any, set(execution: object, parts: Map<string, any>): any }} */
const built = new WeakMap();

function part(execution, name) {
  const parts = built.get(execution);
  if (!parts.has(name)) parts.set(name, PARTS[name](execution));
  return parts.get(name);
}

/** Prototypes of executions by the parts they have: a script pays for what it touches, not for what it could. */
const prototypes = new Map();

function prototypeWith(names) {
  const key = names.join();
  if (!prototypes.has(key)) {
    const prototype = {};
    for (const name of names) Object.defineProperty(prototype, name, { get() { return part(this, name); } });
    prototypes.set(key, prototype);
  }
  return prototypes.get(key);
}

/** What the result tells of the parts. */
function describe(execution, names) {
  const parts = built.get(execution);
  const brief = isBrief(execution);
  const state = {};
  for (const name of names) {
    if (brief && !(name !== 'cookies' && parts.has(name))) continue;
    const value = part(execution, name);
    if (!SCOPE_NAMES.includes(name)) state[name] = value;
    else state[name] = brief ? { mutations: value.mutations } : VariableScope.describe(value);
  }
  return state;
}

/**
 * What a script works on, on the execution itself as Postman has it, for `pm` and for the legacy layer: `cookies`, the
 * variable scopes, `iterationData`, `request`, `response`. All but the last two are told in the result, so it is there
 * that what the script never touched is built: the response only came in, and stays here.
 */
function attachContext(execution) {
  const { context, listen, protocol } = execution;
  const has = (name, targets) => targets.includes(listen) || Object.hasOwn(context, name);
  const spoken = typeof protocol?.initializeExecution === 'function';
  const told = ['cookies', ...SCOPE_NAMES];
  if (!spoken && has('request', WITH_REQUEST)) told.push('request');
  const names = [...told, 'iterationData'];
  if (!spoken && has('response', WITH_RESPONSE)) names.push('response');
  built.set(execution, new Map());
  Object.setPrototypeOf(execution, prototypeWith(names));
  execution.describe = () => describe(execution, told);
  if (spoken) attachProtocol(execution);
}

/** Request, response and message of a protocol that is not HTTP. */
function attachProtocol(execution) {
  const made = execution.protocol.initializeExecution(execution.listen, execution.context) || {};
  for (const name of ['request', 'response', 'message']) {
    const value = made[name];
    if (value === undefined) continue;
    if (name !== 'message') own('./expect').attachTo(value);
    lazyReadonly(execution, name, () => value);
    if (name !== 'response') execution.state[name] = value;
  }
}

/** The local variables, read through the data row and every other scope. */
function layered(execution) {
  execution._variables.readThrough(() => LAYERS.map((name) => execution[name]));
  return execution._variables;
}

/** How each member is built, in the order Postman lists them. @type {Record<string, (execution: any) => any>} */
const MEMBERS = {
  info: (execution) => own('./info')(execution),
  vault: (execution) => own('./vault').createVault(execution),
  datasets: (execution) => own('./vault').createDatasets(execution),
  globals: ({ globals }) => globals,
  environment: ({ environment }) => environment,
  collectionVariables: ({ collectionVariables }) => collectionVariables,
  variables: (execution) => layered(execution),
  iterationData: ({ iterationData }) => iterationData,
  request: ({ request }) => request,
  response: ({ response }) => response,
  message: ({ message }) => message,
  cookies: ({ cookies }) => cookies,
  visualizer: (execution) => own('./visualizer')(execution),
  sendRequest: (execution) => own('./send-request')(execution),
  execution: (execution) => own('./execution-control')(execution),
  require: ({ requirePackage }) => requirePackage,
};
/** Members there are only where the execution has them. */
const GIVEN = ['request', 'response', 'message'];

/** The members of each `pm`, as far as they are built. @type {WeakMap<object, { execution: any, values: Map<string, any> }>} */
const states = new WeakMap();
/** Those of the last one: who asks through an object of its own (a proxy) means them. @type {any} */
let latest;

function stateOf(object) {
  for (let at = object; at; at = Object.getPrototypeOf(at)) if (states.has(at)) return states.get(at);
  return latest;
}

/** Without a setter an assignment is ignored in sloppy code, as it is for a read-only property. */
function descriptorOf(name) {
  return {
    get() {
      const { execution, values } = stateOf(this);
      if (!values.has(name)) values.set(name, MEMBERS[name](execution));
      return values.get(name);
    },
  };
}

/** Descriptors of members, by their names: made once, and shared by all scripts that have these. */
const descriptors = new Map();

function descriptorsOf(names) {
  const key = names.join();
  if (!descriptors.has(key)) {
    descriptors.set(key, Object.fromEntries(names.map((name) => [name, descriptorOf(name)])));
  }
  return descriptors.get(key);
}

/**
 * @param {import('./execution').Execution} execution
 * @returns {Postman}
 */
module.exports = function createPm(execution) {
  attachContext(execution);
  const there = (name) => !execution.disabledAPIs.has(name) && (!GIVEN.includes(name) || name in execution);
  const pm = /** @type {any} */ (Object.create(Postman.prototype, descriptorsOf(Object.keys(MEMBERS).filter(there))));
  latest = { execution, values: new Map() };
  states.set(pm, latest);
  pm.test = own('./test')(execution, pm);
  return pm;
};
