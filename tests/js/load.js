'use strict';
/** Loads the sandbox's own JavaScript under node, the way the engine does: each file a function of its surroundings. */
const fs = require('node:fs');
const path = require('node:path');
const vm = require('node:vm');

const ROOT = path.join(__dirname, '../../src/sandbox/js');

/**
 * @param {Object} [host]
 * @param {Object<string, *>} [replaced] modules given instead of the files
 * @returns {(name: string) => *} `own`
 */
module.exports = function loader(host = {}, replaced = {}) {
  const loaded = new Map(Object.entries(replaced).map(([name, exports]) => [name, { exports }]));
  return function own(name) {
    if (!loaded.has(name)) {
      const file = path.join(ROOT, `${name}.js`);
      const wrapper = `(function (module, exports, own, host) {${fs.readFileSync(file, 'utf8')}\n})`;
      const module = { exports: {} };
      loaded.set(name, module);
      vm.runInThisContext(wrapper, { filename: file })(module, module.exports, own, host);
    }
    return loaded.get(name).exports;
  };
};
