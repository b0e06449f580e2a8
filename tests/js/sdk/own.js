'use strict';
/**
 * Loads the sandbox's own JavaScript under Node, with a host of Node's.
 */
const fs = require('fs');
const path = require('path');
const vm = require('vm');

const root = path.join(__dirname, '../../../src/sandbox/js');
const host = {
  random: (n) => crypto.getRandomValues(new Uint8Array(n)),
  utf8Decode: (bytes, label, fatal) => new TextDecoder(label, { fatal }).decode(bytes),
};
const loaded = { require: { library: (name) => require(name === 'json' ? 'liquid-json' : name) } };

/** `own` for the files of one folder, as the engine has it. */
const ownFrom = (folder) => (name) => {
  const id = path.posix.join(folder, name);
  if (loaded[id]) return loaded[id];
  const file = path.join(root, `${id}.js`);
  const module = { exports: {} };
  loaded[id] = module.exports;
  const wrapper = `(function (module, exports, own, host) {${fs.readFileSync(file, 'utf8')}\n})`;
  vm.runInThisContext(wrapper, { filename: file })(module, module.exports, ownFrom(path.posix.dirname(id)), host);
  loaded[id] = module.exports;
  return module.exports;
};

module.exports = { ownFrom };
