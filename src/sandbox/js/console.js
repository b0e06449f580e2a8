'use strict';

/** The `console` of scripts: each call becomes an `execution.console` message. */

const LEVELS = ['log', 'warn', 'debug', 'info', 'error', 'clear'];

/** How deep console output goes, as in newman. */
const DEPTH = 25;

/**
 * What a script logged as one text, formatted as Node's console formats it.
 *
 * @param {unknown[]} args
 * @param {object} [options] over those of `util.inspect`
 * @returns {string}
 */
function formatArgs(args, options) {
  return own('./web/format').format(args, { depth: DEPTH, ...options });
}

/** @type {(value: unknown, options?: object) => string} */
const inspect = (value, options) => own('./web/inspect').inspect(value, options);

/**
 * Postman's console: these six levels and no other method. Besides Postman's own message, `console.text` carries the
 * level and the formatted text to those who print it; it is sent only where `execution.options.consoleText` asks.
 *
 * @param {{emit(name: string, ...args: unknown[]): void, options?: {consoleText?: boolean, brief?: boolean}}} execution
 */
function createConsole(execution) {
    /** @type {Record<string, (...args: unknown[]) => void>} */
  const console = {};
  for (const level of LEVELS) {
    console[level] = (...args) => {
      if (!execution.options?.brief) execution.emit('console', level, own('./web/teleport').stringify(args));
      if (execution.options?.consoleText) execution.emit('console.text', level, formatArgs(args));
    };
  }
  return console;
}

module.exports = Object.assign(createConsole, { formatArgs, inspect });
