'use strict';
/** `replaceIn`: tokens, nesting, dynamic variables. */
const assert = require('node:assert/strict');
const { test } = require('node:test');
const loader = require('./load');

const { replaceIn } = loader({ dynamic: (name) => (name === '$guid' ? 'fresh' : undefined) })('./replace');

const values = { a: '1', b: '2', ptr: 'a', deep: '{{a}}{{a}}', loop: '{{loop}}', $x: '$&' };
const find = (name) => (Object.hasOwn(values, name) ? values[name] : undefined);

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
  test(`replaces in ${JSON.stringify(template)}`, () => assert.equal(replaceIn(template, find), expected));
}

test('an object is copied, what it holds is rewritten in place', () => {
  const template = { a: '{{a}}', list: ['{{b}}', 1, null, { c: '{{a}}' }] };
  const result = replaceIn(template, find);
  assert.deepEqual(result, { a: '1', list: ['2', 1, null, { c: '1' }] });
  assert.equal(template.a, '{{a}}');
  assert.equal(result.list, template.list);
});
