'use strict';
/** `pm.vault` and `pm.datasets`: promises over questions the host answers. */

/**
 * @param {{ ask(kind: string, args: Array, callback: Function): number }} execution
 * @returns {Promise<*>} rejects with an Error whatever the host sends as one
 */
function question(execution, kind, args) {
  return new Promise((resolve, reject) => {
    execution.ask(kind, args, (error, answer) => {
      if (!error) return resolve(answer);
      return reject(error instanceof Error ? error : new Error(error.message || error));
    });
  });
}

function createVault(execution) {
  return {
    get: (key) => question(execution, 'vault', ['get', key]),
    set: (key, value) => question(execution, 'vault', ['set', key, value]),
    unset: (key) => question(execution, 'vault', ['unset', key]),
  };
}

/** Pulls rows batch by batch, so that neither side holds them all; tells the host when the reader stops early. */
async function* streamRows(execution, stream) {
  if (!stream) throw new Error('pm.datasets: streamed result is missing a stream id');
  let done = false;
  try {
    while (!done) {
      const frame = await question(execution, 'datasets.stream', ['pull', stream]);
      done = Boolean(frame && frame.done);
      yield* (frame && frame.rows) || [];
    }
  } finally {
    if (!done) question(execution, 'datasets.stream', ['cancel', stream]).catch(() => {});
  }
}

async function* givenRows(rows) {
  yield* rows;
}

function createDatasets(execution) {
  const query = async (...args) => {
    const answer = (await question(execution, 'datasets', args)) || {};
    const result = {
      columns: answer.columns || [],
      rows: answer.streaming
        ? streamRows(execution, answer.streamId)
        : givenRows(Array.isArray(answer.rows) ? answer.rows : []),
    };
    if (answer.staleDatasources) result.staleDatasources = answer.staleDatasources;
    return result;
  };
  return (id) => ({
    executeView: (view, params) => query('executeView', id, view, params),
    executeQuery: (sql, params) => query('executeQuery', id, sql, params),
  });
}

module.exports = { createVault, createDatasets };
