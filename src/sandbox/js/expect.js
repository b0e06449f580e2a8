'use strict';
/** `pm.expect`: chai, loaded by the first script that expects something, with Postman's assertions added. */

/** Given in place of Postman's own plugin; null for none at all. @type {Function | null | undefined} */
let replacement;

/** @returns {Function} chai's `expect` */
function expect() {
  return own('./require').library('chai').expect;
}

/** Adds the assertions to chai, when it is loaded. @param {any} chai */
function equip(chai) {
  const plugin = replacement === undefined ? own('./chai-plugin') : replacement;
  if (plugin) chai.use(plugin);
}

/** Takes a plugin instead of Postman's, before chai is loaded. @param {Function} [plugin] */
function replacePlugin(plugin) {
  replacement = plugin ?? null;
}

/** Gives a request or a response its `to`, out of sight of whatever lists or serialises it. */
function attachTo(target) {
  Object.defineProperty(target, 'to', {
    get() {
      return expect()(this).to;
    },
  });
}

module.exports = { attachTo, equip, expect, replacePlugin };
