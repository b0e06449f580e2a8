// @ts-check
/**
 * The timers of one script, and what else it waits for: one count of pending things, as Postman keeps it.
 */
'use strict';

/**
 * @param {object} options
 * @param {any} options.loop the event loop
 * @param {(error: any) => void} options.failed a callback threw
 * @param {() => void} options.waiting the first pending thing of a while
 * @param {() => void} options.done nothing is pending any more, at the end of a turn
 */
function createTimers({ loop, failed, waiting, done }) {
  /** What callbacks see as `this`. */
  const context = {};
  /** @type {Map<number, {kind: string, cancel: () => void}>} */
  const running = new Map();
  /** @type {Map<number, (...args: any[]) => void>} callbacks of what the script asked for */
  const asked = new Map();
  let last = 0;
  let pending = 0;
  let started = false;
  let sealed = false;

  /** @param {number} change */
  function count(change) {
    pending += change;
    if (pending === 0 && started) loop.later(maybeDone);
    if (pending > 0 && !started) {
      started = true;
      waiting();
    }
  }

  function maybeDone() {
    if (pending > 0 || !started) return;
    started = false;
    if (!sealed) done();
  }

  /** @param {(...args: any[]) => void} callback @param {any[]} args */
  function call(callback, args) {
    try {
      Reflect.apply(callback, context, args);
    } catch (error) {
      failed(error);
    }
  }

  /** @param {string} kind @param {number} id @param {() => void} cancel */
  function run(kind, id, cancel) {
    running.set(id, { kind, cancel });
    count(1);
    return id;
  }

  /** @param {string} kind */
  const clear = (kind) => /** @param {any} id */ (id) => {
    const timer = running.get(Number(id));
    if (sealed || timer?.kind !== kind) return;
    running.delete(Number(id));
    timer.cancel();
    count(-1);
  };

  /** @param {any} callback @param {any} ms */
  function setTimeout(callback, ms) {
    if (sealed || typeof callback !== 'function') return undefined;
    const id = ++last;
    const timer = loop.setTimer(() => {
      call(callback, []);
      if (running.delete(id)) count(-1);
    }, Number(ms) || 0);
    return run('timeout', id, () => loop.clearTimer(timer));
  }

  /** @param {any} callback @param {any} ms */
  function setInterval(callback, ms) {
    if (sealed || typeof callback !== 'function') return undefined;
    const id = ++last;
    let timer = 0;
    const tick = () => {
      call(callback, []);
      if (running.has(id)) timer = loop.setTimer(tick, Number(ms) || 0);
    };
    timer = loop.setTimer(tick, Number(ms) || 0);
    return run('interval', id, () => loop.clearTimer(timer));
  }

  /** @param {any} callback */
  function setImmediate(callback) {
    if (sealed || typeof callback !== 'function') return undefined;
    const id = ++last;
    loop.later(() => {
      if (!running.has(id)) return;
      call(callback, []);
      if (running.delete(id)) count(-1);
    });
    return run('immediate', id, () => {});
  }

  return {
    /** What scripts are given. */
    api: {
      setTimeout,
      setInterval,
      setImmediate,
      clearTimeout: clear('timeout'),
      clearInterval: clear('interval'),
      clearImmediate: clear('immediate'),
    },
    /** Waits for an answer; gives the id to ask with, nothing once the script has ended. @param {any} callback */
    ask(callback) {
      if (sealed) return undefined;
      asked.set(++last, callback);
      return run('ask', last, () => asked.delete(last));
    },
    /** What was asked has been answered. @param {any} id @param {any[]} args */
    answer(id, args) {
      const callback = asked.get(id);
      if (sealed || !callback) return;
      asked.delete(id);
      running.delete(id);
      call(callback, args);
      count(-1);
    },
    /** Keeps the script alive until the function it gives is called. */
    hold() {
      if (sealed) return () => {};
      const id = run('hold', ++last, () => {});
      return () => {
        if (running.delete(id)) count(-1);
      };
    },
    /** Pending things. */
    pending: () => pending,
    /** Somebody outside is expected to answer. */
    isAsking: () => asked.size > 0,
    /** Cancels everything, and takes nothing more. */
    seal() {
      if (sealed) return;
      sealed = true;
      for (const timer of running.values()) timer.cancel();
      running.clear();
      asked.clear();
      pending = 0;
    },
  };
}

module.exports = { createTimers };
