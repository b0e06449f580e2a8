// @ts-check
/**
 * The far end of the protocol: knows which scripts are under way and hands each message, timer and rejection to
 * the one it is for.
 */
'use strict';

const { createExecution } = own('./execution');
const { isTemplateMissing, prepare } = own('./initialization');

const { encode } = own('./wire');

const { parse } = JSON;

/** Names that answer what a script asked: `execution.<kind>.<id> eventId …`. */
const ANSWER = /^execution\.(response|cookies|vault|datasets|run_collection_request_response)\.(.+)$/s;
const ABORT = /^execution\.abort\.(.+)$/s;

/** The entry points of one engine. */
function createSandbox() {
  /** @type {Map<string, any>} scripts under way, by id */
  const live = new Map();
  /** @type {Map<number, () => void>} callbacks of timers, by the host's id */
  const timers = new Map();
  /** @type {(() => void)[]} what waits for the end of the turn */
  let later = [];
  let lastTimer = 0;
  /** @type {any} */
  let initialization = {};

  /** What an execution is given to work with. */
  const loop = {
    /** @param {any[]} message @param {boolean} [trace] */
    send(message, trace) {
      host.emit(encode(message, trace));
    },
    /** @param {() => void} callback @param {number} ms */
    setTimer(callback, ms) {
      timers.set(++lastTimer, callback);
      host.setTimer(lastTimer, ms);
      return lastTimer;
    },
    /** @param {number} id */
    clearTimer(id) {
      if (timers.delete(id)) host.clearTimer(id);
    },
    /** Calls back at the end of the turn. @param {() => void} callback */
    later(callback) {
      later.push(callback);
      host.wake();
    },
    /** The script has ended; `message` says so. @param {string} id @param {any[]} [message] @param {boolean} [trace] */
    end(id, message, trace) {
      // In this order: a script that is stopped here must still be found, to be told of.
      host.end(id, message && encode(message, trace));
      live.delete(id);
    },
  };

  /** @param {any[]} message */
  function take([name, ...args]) {
    if (name === 'execute') return execute(args[0], args[1], args[2], args[3]);
    if (name === 'abort') return [...live.values()].forEach((execution) => execution.abort());
    if (name === 'ping') return loop.send(['pong', args[0]]);
    if (name === 'initialize') return initialize(args[0]);
    const answer = ANSWER.exec(name);
    if (answer) return live.get(answer[2])?.answer(args[0], args.slice(1));
    const abort = ABORT.exec(name);
    if (abort) live.get(abort[1])?.abort();
  }

  /** @param {any} options */
  function initialize(options) {
    initialization = options ?? {};
    try {
      prepare(initialization);
    } catch (error) {
      return loop.send(['initialize', error]);
    }
    return loop.send(['initialize']);
  }

  /** @param {string} id @param {any} event @param {any} context @param {any} options */
  function execute(id, event, context, options) {
    if (!id || typeof id !== 'string') {
      return loop.send(['error', new Error('sandbox: execution identifier parameter(s) missing')]);
    }
    if (isTemplateMissing(initialization, options)) {
      // Ours, not Postman's: who is told which script it is waits no longer for its result.
      return loop.send(['error', new Error('sandbox: template name parameter is missing from options'), id]);
    }
    const execution = createExecution({ id, event, context, options, initialization, loop });
    live.set(id, execution);
    host.begin(id, encode(execution.cursor), Number(execution.options.timeout) || 0);
    execution.start();
  }

  return {
    /** One message in. @param {string} json */
    message(json) {
      let message;
      try {
        message = parse(json);
        if (!Array.isArray(message)) throw new TypeError('expected an array');
      } catch (error) {
        const { message: why } = /** @type {Error} */ (error);
        return loop.send(['error', new Error(`sandbox: not a message: ${why}`)]);
      }
      take(message);
    },
    /** An `initialize` message that was answered by the engine before this one. @param {string} json */
    reinitialize(json) {
      initialization = parse(json)[1] ?? {};
      prepare(initialization);
    },
    /** A timer is due. @param {number} id */
    timer(id) {
      const callback = timers.get(id);
      timers.delete(id);
      callback?.();
    },
    /** The end of a turn. */
    awake() {
      const batch = later;
      later = [];
      for (const callback of batch) callback();
    },
    /** A promise was rejected and nobody caught it. @param {any} reason */
    rejected(reason) {
      for (const execution of [...live.values()]) execution.rejected(reason);
    },
    /** A microtask threw. @param {any} error */
    thrown(error) {
      for (const execution of [...live.values()]) execution.thrown(error);
    },
    /** Nothing is going to happen by itself any more. */
    idle() {
      for (const execution of [...live.values()]) execution.idle();
    },
    /**
     * A script must not go on.
     * @param {string} id
     * @param {'timeout' | 'abort' | 'output' | 'busy' | 'overdue'} reason
     * @param {number} seconds of the limit it ran into
     */
    expire(id, reason, seconds) {
      live.get(id)?.expire(reason, seconds);
    },
  };
}

module.exports = { createSandbox };
