'use strict';

/** The legacy global `postman`. */

/** Legacy setters store text, but keep false, null, 0 and their like as they are. */
function stored(value) {
  return value && typeof value.toString === 'function' ? value.toString() : value;
}

/** What the interface does to one scope and to the plain object of its values. */
function access(session, scope) {
  return {
    set(key, value) {
      const text = stored(value);
      session.raw(scope)[key] = text;
      return session.execution[scope].set(key, text);
    },
    get: (key) => session.execution[scope].get(key),
    unset(key) {
      if (key) delete session.raw(scope)[key];
      return session.execution[scope].unset(key);
    },
    clear() {
      const values = session.raw(scope);
      for (const key of Object.keys(values)) delete values[key];
      return session.execution[scope].clear();
    },
  };
}

/**
 * Its methods need no `this`: scripts see it through a proxy.
 *
 * @param {{execution: any, hasResponse: boolean, raw(name: string): any}} session
 */
function createPostman(session) {
  const { execution } = session;
  const environment = access(session, 'environment');
  const globals = access(session, 'globals');
  const postman = {
    setEnvironmentVariable: environment.set,
    getEnvironmentVariable: environment.get,
    clearEnvironmentVariables: environment.clear,
    clearEnvironmentVariable: environment.unset,
    setGlobalVariable: globals.set,
    getGlobalVariable: globals.get,
    clearGlobalVariables: globals.clear,
    clearGlobalVariable: globals.unset,
    setNextRequest(next) {
      execution.result.nextRequest = next;
    },
  };
  if (session.hasResponse) {
    postman.getResponseCookie = (name) => execution.cookies?.one(String(name));
    postman.getResponseHeader = (name) => execution.response.headers?.one(name)?.value;
  }
  return postman;
}

module.exports = { createPostman };
