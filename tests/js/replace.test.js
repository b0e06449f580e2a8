'use strict';
/** `replaceIn`: tokens, nesting, layers, dynamic variables. */
const assert = require('node:assert/strict');
const { test } = require('node:test');
const loader = require('./load');

const { replaceIn } = loader({ dynamic: (name) => (name === '$guid' ? 'fresh' : undefined) })('./replace');

/** A variable list, as far as replacing goes. */
const list = (values) => ({
  oneNormalizedVariable: (name) => (Object.hasOwn(values, name) ? { toString: () => String(values[name]) } : undefined),
});
const sources = [list({ a: '1', ptr: 'a', deep: '{{a}}{{a}}', loop: '{{loop}}', $x: '$&' }), list({ a: 'hidden', b: '2' })];

const cases = [
  ['{{a}}-{{b}}', '1-2'],
  ['{{{{ptr}}}}', '1'],
  ['{{deep}}', '11'],
  ['{{loop}}', '{{loop}}'],
  ['{{ a }}{{}}{{none}}', '{{ a }}{{}}{{none}}'],
  ['{{$guid}} {{$none}} {{guid}}', 'fresh {{$none}} {{guid}}'],
  ['[{{$x}}]', '[$&]'],
  [5, 5],
  [null, null],
];

for (const [template, expected] of cases) {
  test(`replaces in ${JSON.stringify(template)}`, () => assert.equal(replaceIn(template, sources), expected));
}

test('an object is copied, what it holds is rewritten in place', () => {
  const template = { a: '{{a}}', list: ['{{b}}', 1, null, { c: '{{a}}' }] };
  const result = replaceIn(template, sources);
  assert.deepEqual(result, { a: '1', list: ['2', 1, null, { c: '1' }] });
  assert.equal(template.a, '{{a}}');
  assert.equal(result.list, template.list);
});
