'use strict';
/**
 * pm.cookies: the cookies of the request's address, and `jar()` for those of any other.
 */
const { CookieList } = own('./sdk/cookie');

/**
 * @param {any} execution
 * @returns {any} the CookieList of the context's cookies, with `jar()`
 */
module.exports = function createCookies(execution) {
  const cookies = new CookieList(null, execution.context.cookies);
  cookies.jar = function jar() {
    const { CookieJar } = own('./sdk/cookie-jar');
    return new CookieJar(execution);
  };
  return cookies;
};
