'use strict';
/**
 * pm.sendRequest: asks the runner for a request, answers by callback or promise.
 */
const { Request } = own('./sdk/request');
const { Response } = own('./sdk/response');
const { CookieList } = own('./sdk/cookie');
const { Url } = own('./sdk/url');

/**
 * A request is made of a URL's text: of a Url object (`url: pm.request.url`) it would take the query list for a query.
 * @param {any} definition
 */
const readable = (definition) =>
  Url.isUrl(definition.url) ? { ...definition, url: definition.url.toString() } : definition;

/**
 * Of an error that node tells by fields newman shows these alone; its words are inherited, for who asks.
 * @param {any} fields
 * @param {{ name: string, message: string }} words
 */
function withWords(fields, { name, message }) {
  const words = Object.create(Object.prototype, { name: { value: name }, message: { value: message } });
  return Object.assign(Object.create(words), fields);
}

/**
 * @param {any} execution
 * @returns {(this: any, request: any, callback?: any) => any} to be a method of `pm`: with a callback it returns its owner
 */
module.exports = function createSendRequest(execution) {
  return function sendRequest(request, callback) {
    /** @type {any} */
    let history;
    const answer = new Promise((resolve, reject) => {
      if (!request) throw new Error('sendrequest: nothing to request');
      const asked = Request.isRequest(request) ? request : new Request(readable(request));
      execution.ask('request', [asked], (/** @type {any} */ error, /** @type {any} */ response, /** @type {any} */ given) => {
        if (given && !CookieList.isCookieList(given.cookies)) given.cookies = new CookieList({}, given.cookies);
        const words = given?.words;
        if (words) delete given.words;
        history = given;
        if (error) reject(words ? withWords(error, words) : error);
        else resolve(Response.isResponse(response) ? response : new Response(response));
      });
    });
    if (typeof callback !== 'function') return answer;
    // The catch covers the callback too: one that throws is called again with what it threw, as in Postman.
    answer
      .then((response) => callback.call(this, null, response, history))
      .catch((error) => callback.call(this, error));
    return this;
  };
};
