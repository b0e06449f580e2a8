'use strict';
/** `pm.expect`: chai, loaded by the first script that expects something, with Postman's assertions added. */

let chai;

/** @returns {Function} chai's `expect` */
function expect() {
  if (!chai) {
    const loaded = own('./require').library('chai');
    loaded.use(own('./chai-plugin'));
    chai = loaded;
  }
  return chai.expect;
}

/** Gives a request or a response its `to`, out of sight of whatever lists or serialises it. */
function attachTo(target) {
  Object.defineProperty(target, 'to', {
    get() {
      return expect()(this).to;
    },
  });
}

module.exports = { expect, attachTo };
