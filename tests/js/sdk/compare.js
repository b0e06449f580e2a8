'use strict';
/**
 * Compares our SDK-shaped classes with those of the real postman-collection, case by case.
 * `NODE_PATH=…/node_modules node tests/js/sdk/compare.js [filter]` (needs postman-collection 5.3.1, liquid-json, buffer).
 */
const fs = require('fs');
const path = require('path');
const vm = require('vm');

const root = path.join(__dirname, '../../../src/sandbox/js');
const host = {
  random: (n) => crypto.getRandomValues(new Uint8Array(n)),
  utf8Decode: (bytes, label, fatal) => new TextDecoder(label, { fatal }).decode(bytes),
};
const loaded = { './require': { requireLibrary: (name) => require(name === 'json' ? 'liquid-json' : name) } };

function own(name) {
  if (loaded[name]) return loaded[name];
  const file = path.join(root, `${name}.js`);
  const module = { exports: {} };
  loaded[name] = module.exports;
  const wrapper = `(function (module, exports, own, host) {${fs.readFileSync(file, 'utf8')}\n})`;
  vm.runInThisContext(wrapper, { filename: file })(module, module.exports, own, host);
  loaded[name] = module.exports;
  return module.exports;
}

/** What a case comes to, as text: its value as JSON, or its error. */
function outcome(sdk, source) {
  const names = {
    sdk,
    req: (options) => new sdk.Request(options),
    res: (options) => new sdk.Response({ id: 'r', ...options }),
    headers: (definition) => new sdk.HeaderList({}, definition),
    list: (subject, change) => [change(subject), subject],
  };
  try {
    const value = new Function(...Object.keys(names), `'use strict'; return (${source});`)(...Object.values(names));
    return JSON.stringify(value === undefined ? '(undefined)' : value) ?? String(value);
  } catch (error) {
    return `${error.name}: ${error.message}`;
  }
}

const real = require('postman-collection');
const ours = own('./sdk/index');
const filter = process.argv[2] ?? '';
const cases = fs.readFileSync(path.join(__dirname, 'cases.txt'), 'utf8').split('\n')
  .filter((line) => line && !line.startsWith('# ') && line.includes(filter));
let differences = 0;
for (const source of cases) {
  const [expected, actual] = [outcome(real, source), outcome(ours, source)];
  if (expected === actual) continue;
  differences++;
  console.log(`${source}\n  postman: ${expected}\n  ours:    ${actual}`);
}
console.log(`${cases.length} cases, ${differences} differences`);
process.exitCode = differences ? 1 : 0;
