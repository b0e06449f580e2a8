'use strict';
/** The variables of a scope before they are made into Variables: which one counts, and how they are told. */
const assert = require('node:assert/strict');
const { test } = require('node:test');
const loader = require('./load');

/** Stands for the real Variable: says that it was needed. */
class Variable {
  constructor(definition) {
    Object.assign(this, { made: true }, definition);
  }
}

const { GivenVariables } = loader({}, {
  './sdk/variable': { Variable },
  './sdk/lang': { isObject: (value) => value !== null && typeof value === 'object' },
})('./given-variables');

const given = () => new GivenVariables([
  { key: 'a', value: 1 },
  { key: 'a', value: 2 },
  { key: 'a', value: 3, disabled: true },
  { key: 'off', value: 4, disabled: true },
  { key: 'n', value: '5', type: 'number' },
]);

test('the last enabled variable of a name counts', () => {
  assert.equal(given().find('a').valueOf(), 2);
  assert.deepEqual([given().find('off'), given().find('none')], [undefined, undefined]);
  assert.equal(given().find('n').made, true);
});

test('what is read has a text', () => {
  const text = (value) => String(new GivenVariables([{ key: 'k', value }]).find('k'));
  assert.deepEqual([1, null, undefined, [1, 2], {}].map(text), ['1', 'null', '', '1,2', '[object Object]']);
});

test('setting changes that one, or adds one beside a disabled', () => {
  const variables = given();
  assert.deepEqual([variables.set('a', 9), variables.set('off', 8), variables.set('new', 7)], [true, true, true]);
  assert.deepEqual(variables.definitions.map(({ key, value }) => [key, value]), [
    ['a', 1], ['a', 9], ['a', 3], ['off', 4], ['n', '5'], ['off', 8], ['new', 7],
  ]);
});

test('what converts its value is left to a Variable', () => {
  assert.deepEqual([given().set('n', 1), given().set('a', () => 1)], [false, false]);
  assert.equal(given().toJSON()[4].made, true);
});

test('unsetting removes every enabled variable of the name', () => {
  const variables = given();
  variables.unset('a');
  assert.deepEqual(variables.keys(), ['a', 'off', 'n']);
});

test('definitions are told as Variables are, key by key', () => {
  assert.equal(
    JSON.stringify(new GivenVariables([{ key: 'k', enabled: true, type: 'secret', value: 1, disabled: false }]).toJSON()),
    '[{"disabled":false,"type":"any","value":1,"key":"k"}]',
  );
});

test('only a list of definitions will do', () => {
  assert.deepEqual([[{}], [null], [1], {}, undefined].map(GivenVariables.suits), [true, false, false, false, false]);
});
