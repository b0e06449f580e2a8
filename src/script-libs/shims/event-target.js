// Event, EventTarget, AbortController and AbortSignal: the last two are small once there is an EventTarget.
// https://dom.spec.whatwg.org/#aborting-ongoing-activities
import {
  Event,
  EventTarget,
  getEventAttributeValue,
  setErrorHandler,
  setEventAttributeValue,
  setWarningHandler,
} from "event-target-shim";

const state = new WeakMap();
const key = Symbol("AbortSignal");

class AbortSignal extends EventTarget {
  constructor(caller) {
    if (caller !== key) throw new TypeError("Illegal constructor");
    super();
    state.set(this, { aborted: false, reason: undefined, dependents: [] });
  }

  static abort(reason) {
    const signal = new AbortSignal(key);
    abort(signal, reason);
    return signal;
  }

  static timeout(milliseconds) {
    const signal = new AbortSignal(key);
    setTimeout(() => abort(signal, new DOMException("The operation timed out.", "TimeoutError")), milliseconds);
    return signal;
  }

  static any(signals) {
    const sources = [...signals];
    const combined = new AbortSignal(key);
    const already = sources.find((source) => source.aborted);
    if (already) abort(combined, already.reason);
    else sources.forEach((source) => state.get(source).dependents.push(combined));
    return combined;
  }

  get aborted() {
    return state.get(this).aborted;
  }

  get reason() {
    return state.get(this).reason;
  }

  throwIfAborted() {
    if (this.aborted) throw this.reason;
  }

  get onabort() {
    return getEventAttributeValue(this, "abort");
  }

  set onabort(listener) {
    setEventAttributeValue(this, "abort", listener);
  }
}

/** Marks a signal and all that depend on it, and answers with those that were not aborted before. */
function mark(signal, reason) {
  const its = state.get(signal);
  if (its.aborted) return [];
  Object.assign(its, { aborted: true, reason });
  return [signal, ...its.dependents.splice(0).flatMap((dependent) => mark(dependent, reason))];
}

/** All are marked before any listener hears of it. */
function abort(signal, reason = new DOMException("This operation was aborted", "AbortError")) {
  for (const marked of mark(signal, reason)) marked.dispatchEvent(new Event("abort"));
}

const signals = new WeakMap();

class AbortController {
  constructor() {
    signals.set(this, new AbortSignal(key));
  }

  get signal() {
    return signals.get(this);
  }

  abort(reason) {
    abort(this.signal, reason);
  }
}

for (const type of [AbortSignal, AbortController]) {
  Object.defineProperty(type.prototype, Symbol.toStringTag, { value: type.name, configurable: true });
}

export { AbortController, AbortSignal, Event, EventTarget, setErrorHandler, setWarningHandler };
