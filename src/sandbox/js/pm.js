'use strict';
/**
 * Puts `pm` together, every member built when a script first touches it.
 * Of the execution (see `execution.js`) it uses `listen context options protocol cursor disabledAPIs result state finishers
 * emit ask skipRequest requirePackage`.
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

/**
 * What a script works on, on the execution itself as Postman has it, for `pm` and for the legacy layer: `cookies`, the
 * variable scopes, `iterationData`, `request`, `response`. All but the last two are told in the result, so it is there
 * that what the script never touched is built: the response only came in, and stays here.
 */
function attachContext(execution) {
  const { context, listen, protocol, state } = execution;
  const has = (name, targets) => targets.includes(listen) || Object.hasOwn(context, name);
  const built = new Set();
  // Ours, not Postman's: who asks for `brief` is told only of what the script has touched, of scopes what it did.
  const brief = Boolean(execution.options?.brief);
  const wanted = (name) => !brief || built.has(name);
  const tell = (name, get) => Object.defineProperty(state, name, { get: () => (wanted(name) ? get() : undefined), enumerable: true });
  const build = (name, make) => lazyReadonly(execution, name, () => {
    built.add(name);
    return make();
  });
  lazyReadonly(execution, 'cookies', () => own('./cookies')(execution));
  tell('cookies', () => execution.cookies);
  for (const name of SCOPE_NAMES) {
    // The runner masks what is secret before it passes on what the script says next.
    const secretSet = brief && ((key, value, known) => execution.emit('secret', key, value, known));
    build(name, () => createScope(context, name, secretSet));
    tell(name, () => (brief ? { mutations: execution[name].mutations } : VariableScope.describe(execution[name])));
  }
  lazyReadonly(execution, 'iterationData', () => createIterationData(context));
  if (typeof protocol?.initializeExecution === 'function') return attachProtocol(execution);
  if (has('request', WITH_REQUEST)) {
    build('request', () => asserted('Request', context.request));
    tell('request', () => execution.request);
  }
  if (has('response', WITH_RESPONSE)) lazyReadonly(execution, 'response', () => asserted('Response', context.response));
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

/** `name → build`, in the order Postman lists them. */
function members(execution) {
  const given = (name) => (name in execution ? () => execution[name] : undefined);
  return {
    info: () => own('./info')(execution),
    vault: () => own('./vault').createVault(execution),
    datasets: () => own('./vault').createDatasets(execution),
    globals: given('globals'),
    environment: given('environment'),
    collectionVariables: given('collectionVariables'),
    variables: () => layered(execution),
    iterationData: given('iterationData'),
    request: given('request'),
    response: given('response'),
    message: given('message'),
    cookies: given('cookies'),
    visualizer: () => own('./visualizer')(execution),
    sendRequest: () => own('./send-request')(execution),
    execution: () => own('./execution-control')(execution),
    require: () => execution.requirePackage,
  };
}

/**
 * @param {import('./execution').Execution} execution
 * @returns {Postman}
 */
module.exports = function createPm(execution) {
  const pm = /** @type {any} */ (new Postman());
  attachContext(execution);
  for (const [name, build] of Object.entries(members(execution))) {
    if (build && !execution.disabledAPIs.has(name)) lazyReadonly(pm, name, build);
  }
  pm.test = own('./test')(execution, pm);
  return pm;
};
