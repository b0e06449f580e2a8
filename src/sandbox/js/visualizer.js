'use strict';
/** `pm.visualizer`: the template and data a script wants shown. */

/** An absent value passes; so does, as in Postman, any other falsy one. */
function expectObject(name, value) {
  if (value && typeof value !== 'object') {
    throw new Error(`Invalid ${name.toLowerCase()}. ${name} must be an object, found ${typeof value}`);
  }
}

/** @param {{ result: Object }} execution */
module.exports = function createVisualizer(execution) {
  return {
    set(template, data, options) {
      if (typeof template !== 'string') {
        throw new Error(`Invalid template. Template must be of type string, found ${typeof template}`);
      }
      expectObject('Data', data);
      expectObject('Options', options);
      execution.result.visualizer = { template, data, options };
    },
    clear() {
      execution.result.visualizer = undefined;
    },
  };
};
