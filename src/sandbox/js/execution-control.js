'use strict';
/** `pm.execution`: where this script is, what runs next, requests of the collection run from a script. */

const { assignReadonly } = own('./readonly');
const { SCOPE_NAMES, MutationTracker } = own('./scopes');

/** What the scripts of a request run from here changed is theirs and ours. */
function replay(mutations, execution) {
  for (const name of SCOPE_NAMES) {
    for (const definition of (mutations && mutations[name]) || []) {
      new MutationTracker(definition).applyOn(execution[name]);
    }
  }
}

/** @returns {Promise<Object | null>} the response, null when the request was skipped */
function runRequest(execution, request, options) {
  return new Promise((resolve, reject) => {
    if (!request) throw new Error('runRequest: collection request id not provided');
    const scopes = Object.fromEntries(SCOPE_NAMES.map((name) => [name, execution[name].values]));
    execution.ask('run_collection_request', [request, options || {}, scopes], (error, response, results) => {
      replay(results && results.variableMutations, execution);
      if (error) return reject(error);
      if (response === null || (results && results.responseType)) return resolve(response);
      const { Response } = own('./sdk/index');
      return resolve(response instanceof Response ? response : new Response(response));
    });
  });
}

/** Whoever runs the script may allow or forbid it; left alone, only what runs before the request may skip it. */
const maySkip = ({ options, listen }) => options.allowSkipRequest ?? listen === 'prerequest';

/** @param {import('./execution').Execution} execution */
module.exports = function createExecutionControl(execution) {
  const legacy = execution.options.legacy || {};
  const members = {
    skipRequest() {
      if (!maySkip(execution)) throw new TypeError('pm.execution.skipRequest is not a function');
      execution.skipRequest();
    },
    location: assignReadonly([...(legacy._itemPath || [])], { current: legacy._eventItemName }),
    setNextRequest(request) {
      execution.result.nextRequest = request;
    },
    runRequest: (request, options) => runRequest(execution, request, options),
  };
  for (const name of Object.keys(members)) {
    if (execution.disabledAPIs.has(`execution.${name}`)) delete members[name];
  }
  return assignReadonly({}, members);
};
