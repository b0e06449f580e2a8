'use strict';
/**
 * `pm.test`: runs a test and reports its assertion.
 *
 * Postman turns several broken tests green. On purpose, we do not:
 * - a test that takes `done` and never calls it fails when the script ends (Postman reports nothing);
 * - a test that returns a promise is reported once that settles: a rejection fails it (Postman passes it at once and
 *   raises a script error), a promise still pending when the script ends fails it too;
 * - a test that is not a function fails (Postman passes it);
 * - an assertion is reported once, however often `done` is called (Postman repeats it); again only when it fails after
 *   it had passed.
 */

/**
 * @typedef {Object} Assertion as the protocol has it
 * @property {string} name
 * @property {boolean} async the test takes a `done` callback
 * @property {boolean} skipped
 * @property {boolean} passed
 * @property {*} error whatever was thrown or passed to `done`, null for a test that passed
 * @property {number} index position among the tests of the script, in the order they were started
 * @property {number} [line] ours: line of the script a failed test is on, for who asked for stacks (`trace`)
 */

const isThenable = (value) => value !== null && typeof value === 'object' && typeof value.then === 'function';

/** @returns {number | undefined} the line of the script that is being run, innermost first */
function lineOfScript() {
  const line = /\(sandbox-script\.js:(\d+)/.exec(new Error().stack ?? '')?.[1];
  return line === undefined ? undefined : Number(line);
}

/** Runs one test and reports it: once, and again only if it fails after it had passed. */
class Test {
  /**
   * @param {Assertion} assertion
   * @param {(assertion: Assertion) => void} report
   * @param {boolean} trace whether it is told where a failed test is
   */
  constructor(assertion, report, trace) {
    this.assertion = assertion;
    this.report = report;
    this.trace = trace;
    this.line = undefined;
    this.settled = false;
  }

  /** Remembers where the test is, while it is on the stack. */
  locate() {
    if (this.trace) this.line ??= lineOfScript();
  }

  pass() {
    if (this.settled) return;
    this.settled = true;
    this.report(this.assertion);
  }

  fail(error) {
    if (!this.assertion.passed) return;
    this.locate();
    this.assertion.passed = false;
    this.assertion.error = error;
    if (this.line !== undefined) this.assertion.line = this.line;
    this.settled = true;
    this.report(this.assertion);
  }

  /** @param {(done?: (error?: any) => void) => any} body */
  run(body) {
    const { assertion } = this;
    assertion.async = body.length > 0;
    try {
      const returned = assertion.async ? body((error) => (error ? this.fail(error) : this.pass())) : body();
      if (isThenable(returned)) {
        Promise.resolve(returned).then(() => assertion.async || this.pass(), (error) => this.fail(error));
      } else if (!assertion.async) {
        this.pass();
      }
      if (!this.settled) this.locate();
    } catch (error) {
      this.fail(error);
    }
  }

  /** The script is over: nothing can settle this test any more. */
  abandon() {
    this.fail(new Error(
      this.assertion.async
        ? 'the test never called done() before the script ended'
        : 'the promise the test returned did not settle before the script ended',
    ));
  }
}

/** @returns {string} what a script author would call the value; never runs the value's own code */
function describe(value) {
  if (typeof value === 'string') return JSON.stringify(value);
  return value !== null && typeof value === 'object' ? Object.prototype.toString.call(value) : String(value);
}

/**
 * @param {Object} execution
 * @param {Object} pm returned by every test, for chaining
 * @returns {Function} `pm.test`
 */
module.exports = function createTest(execution, pm) {
  const waiting = new Set();
  let index = 0;

  const report = (assertion) => execution.emit('assertion', [assertion]);
  const begin = (name, skipped) => {
    const assertion = { name: String(name), async: false, skipped, passed: true, error: null, index };
    index += 1;
    return assertion;
  };

  function test(name, body) {
    const run = new Test(begin(name, false), (assertion) => {
      waiting.delete(run);
      report(assertion);
    }, Boolean(execution.options?.trace));
    if (typeof body !== 'function') {
      run.fail(new TypeError(`pm.test expects a function, but ${describe(body)} is not a function`));
      return pm;
    }
    run.run(body);
    if (!run.settled) waiting.add(run);
    return pm;
  }

  test.skip = function skip(name) {
    report(begin(name, true));
    return pm;
  };

  test.index = () => index;

  execution.finishers.push(() => {
    for (const run of waiting) run.abandon();
  });

  return test;
};
