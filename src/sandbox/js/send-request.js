'use strict';
/**
 * pm.sendRequest: asks the runner for a request, answers by callback or promise.
 */
const { Request } = own('./sdk/request');
const { Response } = own('./sdk/response');
const { CookieList } = own('./sdk/cookie');

/**
 * @param {any} execution
 * @returns {(this: any, request: any, callback?: any) => any} to be a method of `pm`: with a callback it returns its owner
 */
module.exports = function createSendRequest(execution) {
  /** @returns {Promise<{response: any, history: any}>} */
  const send = (/** @type {any} */ request) => new Promise((resolve, reject) => {
    if (!request) throw new Error('sendrequest: nothing to request');
    const asked = Request.isRequest(request) ? request : new Request(request);
    execution.ask('request', [asked], (/** @type {any} */ error, /** @type {any} */ response, /** @type {any} */ history) => {
      if (error) {
        reject(error);
        return;
      }
      if (history && !CookieList.isCookieList(history.cookies)) history.cookies = new CookieList({}, history.cookies);
      resolve({ response: Response.isResponse(response) ? response : new Response(response), history });
    });
  });
  return function sendRequest(request, callback) {
    const answer = send(request);
    if (typeof callback !== 'function') return answer.then(({ response }) => response);
    // The catch covers the callback too: one that throws is called again with what it threw, as in Postman.
    answer
      .then(({ response, history }) => callback.call(this, null, response, history))
      .catch((error) => callback.call(this, error));
    return this;
  };
};
