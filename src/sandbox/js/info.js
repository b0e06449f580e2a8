'use strict';
/** `pm.info`: which script runs, for which request, in which iteration. */

const { assignReadonly } = own('./readonly');

/** @param {Object} execution */
module.exports = function createInfo({ listen, cursor, options }) {
  const legacy = options.legacy || {};
  return assignReadonly({}, {
    eventName: listen,
    iteration: cursor.iteration,
    iterationCount: cursor.cycles,
    requestName: legacy._itemName,
    requestId: legacy._itemId,
  });
};
