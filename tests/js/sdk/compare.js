'use strict';
/**
 * Compares our SDK-shaped classes with those of the real postman-collection, case by case.
 * `NODE_PATH=…/node_modules node tests/js/sdk/compare.js [filter | --write]` (needs postman-collection 5.3.1, liquid-json,
 * buffer). `--write` records what Postman's come to in expected.json, which tests/it/sdk.rs holds our engine to.
 */
const fs = require('fs');
const path = require('path');
const { ownFrom } = require('./own');

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
const ours = ownFrom('.')('./sdk/index');
const write = process.argv[2] === '--write';
const filter = (!write && process.argv[2]) || '';
const cases = fs.readFileSync(path.join(__dirname, 'cases.txt'), 'utf8').split('\n')
  .filter((line) => line && !line.startsWith('# ') && line.includes(filter));
if (write) {
  const lines = cases.map((source) => JSON.stringify([source, outcome(real, source)]));
  fs.writeFileSync(path.join(__dirname, 'expected.json'), `[\n${lines.join(',\n')}\n]\n`);
}
let differences = 0;
for (const source of cases) {
  const [expected, actual] = [outcome(real, source), outcome(ours, source)];
  if (expected === actual) continue;
  differences++;
  console.log(`${source}\n  postman: ${expected}\n  ours:    ${actual}`);
}
console.log(`${cases.length} cases, ${differences} differences`);
process.exitCode = differences ? 1 : 0;
