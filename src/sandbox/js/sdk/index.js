'use strict';
/**
 * The SDK-shaped classes, each loaded when first named.
 */

const { lazily } = own('./lang');

/** @type {Record<string, string>} */
const HOMES = {
  Property: 'base', PropertyBase: 'base', Description: 'base', PropertyList: 'property-list',
  Header: 'header', HeaderList: 'header', QueryParam: 'params', FormParam: 'params', Url: 'url',
  Variable: 'variable', VariableList: 'variable', RequestBody: 'request-body', RequestAuth: 'request-auth',
  Request: 'request', Response: 'response', Cookie: 'cookie', CookieList: 'cookie',
  VariableScope: '../scopes',
};

for (const [name, home] of Object.entries(HOMES)) lazily(exports, name, () => own(`./${home}`)[name]);

/**
 * Makes `instanceof` of the real SDK's classes recognise ours. Called once, when a script first loads
 * `postman-collection`: before that there is nothing to compare with.
 * @param {Record<string, any>} real the exports of postman-collection
 */
exports.adopt = function adopt(real) {
  const { isInstance } = own('./base');
  const ordinary = Function.prototype[Symbol.hasInstance];
  for (const name of Object.keys(HOMES)) {
    const type = real[name];
    if (typeof type !== 'function') continue;
    Object.defineProperty(type, Symbol.hasInstance, {
      value(/** @type {any} */ object) {
        return ordinary.call(this, object) || (this === type && isInstance(object, exports[name]));
      },
    });
  }
  return real;
};
