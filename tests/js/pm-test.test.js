'use strict';
/** `pm.test`: nothing broken is reported green, and nothing goes unreported. */
const assert = require('node:assert/strict');
const { test } = require('node:test');
const loader = require('./load');

/** Runs a script and gives the assertions it reported, as `name: outcome`. */
async function outcomes(script) {
  const reported = [];
  const execution = { finishers: [], emit: (name, [assertion]) => reported.push({ ...assertion }) };
  const pm = {};
  pm.test = loader()('./test')(execution, pm);
  script(pm);
  await new Promise((resolve) => { setImmediate(resolve); });
  for (const finish of execution.finishers) finish();
  return reported.map(({ name, skipped, passed, error }) => (
    `${name}: ${skipped ? 'skipped' : passed ? 'passed' : `failed, ${error && error.message ? error.message : error}`}`
  ));
}

const raise = (error) => { throw error; };

const cases = {
  'a test that returns passes, one that throws fails': [
    (pm) => pm.test('a', () => {}).test('b', () => raise(new Error('no'))).test('c', () => raise(null)),
    ['a: passed', 'b: failed, no', 'c: failed, null'],
  ],
  'done settles a test, its argument fails it': [
    (pm) => pm.test('a', (done) => done()).test('b', (done) => setImmediate(done, new Error('late'))),
    ['a: passed', 'b: failed, late'],
  ],
  'done never called fails': [
    (pm) => pm.test('a', (done) => {}), // eslint-disable-line no-unused-vars
    ['a: failed, the test never called done() before the script ended'],
  ],
  'a rejection fails, a resolution passes, neither fails': [
    (pm) => pm.test('a', async () => raise(new Error('no'))).test('b', async () => {}).test('c', () => new Promise(() => {})),
    ['b: passed', 'a: failed, no', 'c: failed, the promise the test returned did not settle before the script ended'],
  ],
  'what is not a function fails': [
    (pm) => pm.test('a').test('b', 'c').test('d', Object.create(null)),
    [
      'a: failed, pm.test expects a function, but undefined is not a function',
      'b: failed, pm.test expects a function, but "c" is not a function',
      'd: failed, pm.test expects a function, but [object Object] is not a function',
    ],
  ],
  'a skipped test is skipped': [(pm) => pm.test.skip('a', () => raise(new Error('no'))), ['a: skipped']],
  'a second done says nothing new, an error after it does': [
    (pm) => pm.test('a', (done) => { done(); done(); done(new Error('no')); done(new Error('again')); }),
    ['a: passed', 'a: failed, no'],
  ],
};

for (const [name, [script, expected]] of Object.entries(cases)) {
  test(name, async () => assert.deepEqual((await outcomes(script)).sort(), [...expected].sort()));
}

test('tests are numbered in the order they start', async () => {
  const seen = [];
  const pm = {};
  pm.test = loader()('./test')({ finishers: [], emit: (name, [{ index }]) => seen.push(index) }, pm);
  pm.test('outer', () => pm.test('inner', () => {}));
  assert.deepEqual([seen, pm.test.index()], [[1, 0], 2]);
});
