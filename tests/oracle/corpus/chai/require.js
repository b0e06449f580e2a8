const chai = require('chai');
const { assert } = chai;

console.log(chai.version, typeof chai.expect, typeof pm.expect, chai.expect === pm.expect);
pm.test('assert', () => assert.equal(1, 2, 'no'));
pm.test('assert deep', () => assert.deepEqual({ a: 1 }, { a: 1 }));
pm.test('assert isArray', () => assert.isArray('x'));
pm.test('should', () => { chai.should(); (5).should.equal(6); });
