const assert = require('assert');
assert.ok(true);
pm.test('equal', () => assert.equal(1, 2));
pm.test('deepEqual', () => assert.deepEqual({ a: 1 }, { a: 2 }, 'not the same'));
pm.test('throws', () => assert.throws(() => { throw new Error('x'); }, /x/));
pm.test('strictEqual', () => assert.strictEqual(1, 1));
