'use strict';
/** `pm.info`: which script runs, for which request, in which iteration. */

const { assignReadonly } = own('./readonly');

/** @param {Object} execution */
module.exports = function createInfo({ target, cursor, legacy }) {
  return assignReadonly({}, {
    eventName: target,
    iteration: cursor.iteration,
    iterationCount: cursor.cycles,
    requestName: legacy._itemName,
    requestId: legacy._itemId,
  });
};
