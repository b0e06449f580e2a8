// @ts-check
/**
 * The life of one script: made, run as an async function, waited for, ended with its result.
 */
'use strict';

const { createTimers } = own('./timers');
const { createScope, runInScope } = own('./scope');
const { protocolOf } = own('./initialization');

/**
 * What the files that build `pm` work with.
 * @typedef {object} Execution
 * @property {string} id
 * @property {string} listen `test`, `prerequest`, or `script` when the event names none
 * @property {any} context as the `execute` message gave it
 * @property {any} options as the `execute` message gave it
 * @property {any} protocol what a template of the `initialize` message exports, nothing where there is none
 * @property {any} cursor
 * @property {Set<string>} disabledAPIs members of `pm` this script must not have
 * @property {boolean} legacy whether the legacy globals exist
 * @property {(name: string, ...args: any[]) => void} emit says something in the name of this script: `assertion` and
 *   `error` go out with and without the id, `console` without, everything else with it
 * @property {(kind: string, args: any[], callback: (...args: any[]) => void) => number | undefined} ask
 * @property {() => () => void} hold keeps the script alive until what it gives is called
 * @property {(error: any) => void} fail reports a script error; the script goes on
 * @property {(error?: any) => void} terminate ends the script now
 * @property {() => void} skipRequest says that the request is skipped, and ends the script
 * @property {any} result becomes `return` of the result
 * @property {Record<string, any>} state becomes part of the result: what a protocol that is not HTTP has made
 * @property {(() => Record<string, any>) | undefined} describe gives the rest of it: cookies, variable scopes, request
 * @property {any} console the script's console
 * @property {((name: any) => any) | undefined} requirePackage `pm.require`, where packages were resolved
 * @property {(() => void)[]} settlers called when the script's own code has ended, callbacks may follow
 * @property {(() => void)[]} finishers called before the result is sent
 */

/** Kinds of questions that carry cursor and script id, for reasons of Postman's own. */
const ADDRESSED = new Set(['request', 'run_collection_request']);

/** Events said twice: to who waits for this script, and to everybody. */
const PUBLIC = new Set(['assertion', 'error']);

const REASONS = {
  abort: 'sandbox: script execution aborted',
  output: 'sandbox: the script wrote more to the console and the report than it may',
};

/** Why a script was stopped that nobody had given a limit. @type {Record<string, (seconds: number) => string>} */
const UNLIMITED = {
  busy: (seconds) => `sandbox: the script ran for ${seconds} s without a pause, as in an endless loop (--timeout-script gives it more time)`,
  overdue: (seconds) => `sandbox: the script took more than ${seconds} s (--timeout-script gives it more time)`,
};
const NEVER = 'sandbox: the script awaits a promise that never settles';

/**
 * @param {{id: string, event: any, context: any, options: any, initialization: any, loop: any}} given
 */
function createExecution({ id, event, context, options, initialization, loop }) {
  options ??= {};
  const cursor = typeof options.cursor === 'object' && options.cursor ? options.cursor : {};
  // Messages carry it as it came.
  const address = options.cursor ?? null;
  const source = sourceOf(event);
  let settled = false;
  let skipped = false;
  let ending = false;
  let ended = false;

  const timers = createTimers({
    loop,
    failed: (error) => fail(error),
    waiting: () => { execution.result.async = true; },
    done: () => end(),
  });

  /** @type {Execution} */
  const execution = {
    id,
    listen: event?.listen || 'script',
    context: context ?? {},
    options,
    protocol: protocolOf(initialization, options.templateName),
    cursor,
    disabledAPIs: new Set([...list(initialization.disabledAPIs), ...list(options.disabledAPIs)]),
    legacy: !isNonLegacy(source) && !(options.disableLegacyAPIs ?? initialization.disableLegacyAPIs),
    emit,
    ask,
    hold: timers.hold,
    fail,
    terminate: (error) => end(error && { error }),
    skipRequest() {
      skipped = true;
      emit('skipRequest');
      end();
    },
    result: { async: false },
    state: {},
    describe: undefined,
    console: undefined,
    requirePackage: undefined,
    settlers: [],
    finishers: [],
  };
  if (!options.resolvedPackages && !options.withoutPackages) execution.disabledAPIs.add('require');

  /** @param {string} name @param {any[]} args */
  function emit(name, ...args) {
    if (name === 'console') return loop.send(['execution.console', address, ...args]);
    const trace = options.trace && tellsError(name, args[0]);
    loop.send([`execution.${name}.${id}`, address, ...args], trace);
    // Whoever asks for `brief` hears what is said to them, not what is said to everybody too.
    if (PUBLIC.has(name) && !options.brief) loop.send([`execution.${name}`, address, ...args], trace);
  }

  /** @param {string} kind @param {any[]} args @param {(...args: any[]) => void} callback */
  function ask(kind, args, callback) {
    const eventId = timers.ask(callback);
    // Postman asks even when nobody waits for the answer any more.
    const to = ADDRESSED.has(kind) ? [address, id, eventId] : [eventId];
    loop.send([`execution.${kind}.${id}`, ...to, ...args]);
    return eventId;
  }

  /** @param {any} error */
  function fail(error) {
    if (isOutOfMemory(error)) host.taint();
    emit('error', told(error));
  }

  /**
   * Cancels what is pending and sends the result at the end of the turn.
   * @param {{error: any}} [failure] what ends it, where something does
   */
  function end(failure) {
    timers.seal();
    if (failure) fail(failure.error);
    if (ending) return;
    ending = true;
    if (skipped) finish(failure);
    else loop.later(() => finish(failure));
  }

  /** @param {{error: any}} [failure] */
  function finish(failure) {
    if (ended) return;
    if (!failure && !settled && !skipped && source !== undefined) {
      failure = { error: new Error(NEVER) };
      fail(failure.error);
    }
    callAll(execution.finishers);
    loop.end(id, [`execution.result.${id}`, failure ? told(failure.error) : null, {
      id,
      target: execution.listen,
      legacy: options.legacy ?? {},
      cursor,
      data: execution.context.data ?? {},
      ...execution.describe?.(),
      ...execution.state,
      return: execution.result,
    }], options.trace && Boolean(failure));
    ended = true;
  }

  /** @param {(() => void)[]} callbacks */
  function callAll(callbacks) {
    for (const callback of callbacks) {
      try {
        callback();
      } catch (error) {
        fail(error);
      }
    }
  }

  /** The script's own code has ended. @param {boolean} threw @param {any} [error] */
  function settle(threw, error) {
    if (settled) return;
    settled = true;
    execution.result.async = timers.pending() > 0;
    callAll(execution.settlers);
    loop.later(() => {
      if (!execution.result.async) end(threw ? { error } : undefined);
      else if (threw) fail(error);
    });
  }

  return {
    cursor,
    options,
    start() {
      try {
        const scope = createScope(execution, timers.api);
        if (source === undefined) return end();
        // A script that returns something has failed with it, as in Postman.
        runInScope(source, scope).then((value) => settle(Boolean(value), value), (error) => settle(true, error));
      } catch (error) {
        settle(true, error);
      }
    },
    /** @param {any} eventId @param {any[]} args */
    answer: (eventId, args) => timers.answer(eventId, args),
    abort() {
      timers.seal();
      ended = true;
      loop.end(id);
    },
    /** @param {any} reason */
    rejected(reason) {
      if (!ended) fail(reason instanceof Error ? reason : unhandled(reason));
    },
    /** @param {any} error */
    thrown(error) {
      if (!ended) fail(error);
    },
    idle() {
      if (ending || timers.isAsking()) return;
      end(settled ? undefined : { error: new Error(NEVER) });
    },
    /** @param {string} reason @param {number} seconds of the limit it ran into */
    expire(reason, seconds) {
      const kind = execution.result.async ? 'asynchronous' : 'synchronous';
      const error = new Error(UNLIMITED[reason]?.(seconds) ?? REASONS[reason] ?? `sandbox: ${kind} script execution timeout`);
      timers.seal();
      fail(error);
      ending = true;
      finish({ error });
    },
  };
}

/** Whether a message is about an error, whose stack may be wanted. @param {string} name @param {any} first */
function tellsError(name, first) {
  return name === 'error' || (name === 'assertion' && first.some((/** @type {any} */ one) => one.error));
}

/** The code of an event, or nothing when it has none. @param {any} event */
function sourceOf(event) {
  const script = typeof event === 'string' || Array.isArray(event) ? event : event?.script;
  const code = script?.exec ?? script;
  if (Array.isArray(code)) return code.join('\n');
  return typeof code === 'string' ? code : undefined;
}

/** @param {string | undefined} source */
function isNonLegacy(source) {
  const marker = source?.slice(0, 15);
  return marker === '"use sandbox2";' || marker === "'use sandbox2';";
}

/** @param {any} value @returns {string[]} */
function list(value) {
  return Array.isArray(value) ? value : [];
}

/**
 * The engine may have had no memory left for the message, or for the error: then it throws null.
 * @param {any} error
 */
function isOutOfMemory(error) {
  if (error === null) return true;
  return error instanceof Error && error.name === 'InternalError' && /^(out of memory)?$/.test(error.message);
}

/** What is told of something thrown: it must say something. @param {any} error */
function told(error) {
  if (error === null) return new Error('the script threw null, as the engine does when it is out of memory');
  if (isOutOfMemory(error)) return { type: 'Error', name: error.name, message: 'out of memory' };
  return error || new Error(`the script threw ${String(error) || "''"}`);
}

/** What Node makes of a rejection that is no error. @param {any} reason */
function unhandled(reason) {
  const text = typeof reason === 'object' && reason !== null ? '#<Object>' : String(reason);
  const error = new Error(
    'This error originated either by throwing inside of an async function without a catch block, or by rejecting ' +
    `a promise which was not handled with .catch(). The promise rejected with the reason "${text}".`);
  error.name = 'UnhandledPromiseRejection';
  return error;
}

module.exports = { createExecution };
