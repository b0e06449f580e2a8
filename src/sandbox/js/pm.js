'use strict';
/**
 * Puts `pm` together, every member built when a script first touches it.
 *
 * @typedef {Object} Execution what `pm` needs to know and to ask of the run of one script
 * @property {string} id
 * @property {string} listen `prerequest`, `test` or what else the event is called
 * @property {Object} context of the `execute` message
 * @property {Object} options of the `execute` message, `disabledAPIs` joined with those of `initialize`
 * @property {Object} cursor
 * @property {Object} result becomes `return` of the result
 * @property {Array<() => void>} finishers called once, before the result is sent, however the script ended
 * @property {(name: string, ...args: *) => void} emit
 * @property {(kind: string, args: Array, callback: Function) => number} ask
 * @property {() => void} skip tells the runner to skip the request, and ends the script
 * @property {(name: string) => *} [requirePackage] `pm.require`
 */

const { lazyReadonly } = own('./readonly');
const { SCOPE_NAMES, createScopes } = own('./scopes');

/** Scripts that have a request or a response even when the context brings none. */
const WITH_REQUEST = ['prerequest', 'test'];
const WITH_RESPONSE = ['test'];

class Postman {}
Object.defineProperty(Postman.prototype, 'expect', { get: () => own('./expect').expect(), enumerable: true });

/** @returns {Object} a request or response scripts can make assertions about */
function asserted(kind, definition) {
  const object = new (own('./sdk/index')[kind])(definition);
  own('./expect').attachTo(object);
  return object;
}

/**
 * What a script works on, on the execution itself as Postman has it: `_variables environment collectionVariables
 * globals iterationData request response cookies`, for `pm`, for the legacy layer and for the result.
 */
function attachContext(execution) {
  const { context, listen } = execution;
  const has = (name, targets) => targets.includes(listen) || Object.hasOwn(context, name);
  let scopes;
  for (const name of [...SCOPE_NAMES, 'iterationData']) {
    lazyReadonly(execution, name, () => (scopes ||= createScopes(context))[name]);
  }
  if (has('request', WITH_REQUEST)) lazyReadonly(execution, 'request', () => asserted('Request', context.request));
  if (has('response', WITH_RESPONSE)) lazyReadonly(execution, 'response', () => asserted('Response', context.response));
  lazyReadonly(execution, 'cookies', () => own('./cookies')(execution));
}

/** `name → build`, in the order Postman lists them. */
function members(execution, disabled) {
  const given = (name) => (name in execution ? () => execution[name] : undefined);
  return {
    info: () => own('./info')(execution),
    vault: () => own('./vault').createVault(execution),
    datasets: () => own('./vault').createDatasets(execution),
    globals: given('globals'),
    environment: given('environment'),
    collectionVariables: given('collectionVariables'),
    variables: given('_variables'),
    iterationData: given('iterationData'),
    request: given('request'),
    response: given('response'),
    cookies: given('cookies'),
    visualizer: () => own('./visualizer')(execution),
    sendRequest: () => own('./send-request')(execution),
    execution: () => own('./execution-control')(
      execution,
      disabled.filter((name) => name.startsWith('execution.')).map((name) => name.slice('execution.'.length)),
    ),
    require: execution.options.resolvedPackages && (() => execution.requirePackage),
  };
}

/**
 * @param {Execution} execution
 * @returns {Postman}
 */
module.exports = function createPm(execution) {
  const pm = new Postman();
  const disabled = execution.options.disabledAPIs || [];
  attachContext(execution);
  for (const [name, build] of Object.entries(members(execution, disabled))) {
    if (build && !disabled.includes(name)) lazyReadonly(pm, name, build);
  }
  pm.test = own('./test')(execution, pm);
  return pm;
};

/** @returns {Object} what `execution.result.<id>` tells about the execution; the response is left out, it only came in */
module.exports.describe = function describe(execution) {
  const { id, listen, options, cursor, context } = execution;
  const description = { id, target: listen, legacy: options.legacy || {}, cursor, data: context.data ?? {} };
  description.cookies = (context.cookies || []).length ? execution.cookies.toJSON() : [];
  for (const name of SCOPE_NAMES) description[name] = execution[name].toJSON();
  if ('request' in execution) description.request = execution.request.toJSON();
  description.return = execution.result;
  return description;
};
