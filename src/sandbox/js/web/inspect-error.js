'use strict';

/** How `inspect` prints errors: their stack, corrected for class and message, with cause and other properties. */

const is = own('./kinds');

const toText = Function.prototype.call.bind(Error.prototype.toString);

/** Classes whose name V8 puts before a stack. */
const NATIVE = new Set(['AggregateError', 'EvalError', 'RangeError', 'ReferenceError', 'SyntaxError', 'TypeError', 'URIError']);

/** Where a stack's frames start. */
const FRAMES = /(^|\n) +at /;

/** The stack under the error's own headline: an engine may keep only the frames. */
function stackOf(error) {
  const stack = error.stack ? String(error.stack) : '';
  if (stack === '') return toText(error);
  if (/^ +at /.test(stack)) return `${toText(error)}\n${stack.trimEnd()}`;
    // The sandbox heads every stack with plain "Error".
  return NATIVE.has(error.name) && stack.startsWith('Error: ') ? error.name + stack.slice('Error'.length) : stack;
}

/** @returns {[number, number]} where in `frames` a run of more than three frames of `others` starts, and its length */
function sharedRun(frames, others) {
  for (let at = 0; at < frames.length - 3; at++) {
    const start = others.indexOf(frames[at]);
    if (start < 0) continue;
    let length = 1;
    while (frames[at + length] !== undefined && frames[at + length] === others[start + length]) length++;
    if (length > 3) return [at, length];
  }
  return [0, 0];
}

function framesOf(error, text) {
  const frames = text.split('\n');
  const cause = error.cause;
  if (cause == null || !is.isError(cause)) return frames;
  const causeStack = stackOf(cause);
  const start = causeStack.indexOf('\n    at');
  if (start < 0) return frames;
  const [at, length] = sharedRun(frames, causeStack.slice(start + 1).split('\n'));
  if (length > 0) frames.splice(at + 1, length - 2, `    ... ${length - 2} lines matching cause stack trace ...`);
  return frames;
}

/** Names the class in the headline where the error's own name does not. */
function nameClass(stack, error, className, tag) {
  const name = error.name != null ? String(error.name) : 'Error';
  const headed = name.endsWith('Error') && stack.startsWith(name) && ['', ':', '\n'].includes(stack.charAt(name.length));
  if (className !== null && !headed) return stack;
  let length = name.length;
  let label = className;
  if (className === null) {
    const start = /^([A-Z][a-z_ A-Z0-9[\]()-]+)(?::|\n {4}at)/.exec(stack) ?? /^([a-z_A-Z0-9-]*Error)$/.exec(stack);
    const found = start?.[1] ?? '';
    length = found.length;
    label = `[${found || 'Error'}: null prototype]`;
  }
  if (tag !== '' && label !== tag) label += ` [${tag}]`;
  if (name === label) return stack;
  if (!label.includes(name)) return `${label} [${name}]${stack.slice(length)}`;
  return length === 0 ? `${label}: ${stack}` : label + stack.slice(length);
}

/**
 * @param {any} context
 * @param {any} error
 * @param {string | null} className
 * @param {string} tag
 * @param {any[]} keys the error's own keys
 */
function inspectError(context, error, className, tag, keys) {
  let stack = stackOf(error);
  if (!context.showHidden) {
    keys = keys.filter((key) => !['name', 'message', 'stack'].includes(key) || !stack.includes(error[key]));
  } else {
    keys = keys.filter((key) => key !== 'stack' && key !== 'message');
  }
  if ('cause' in error && !keys.includes('cause')) keys.push('cause');
  if (Array.isArray(error.errors) && !keys.includes('errors')) keys.push('errors');
  stack = nameClass(stack, error, className, tag);
  const message = typeof error.message === 'string' && error.message ? stack.indexOf(error.message) : -1;
  const from = message < 0 ? 0 : message + error.message.length;
  const frames = FRAMES.exec(stack.slice(from));
  if (frames === null) {
    stack = `[${stack}]`;
  } else {
    const start = from + frames.index;
    stack = `${stack.slice(0, start)}\n${framesOf(error, stack.slice(start + 1)).join('\n')}`;
  }
  stack = stack.replaceAll('\n', `\n${' '.repeat(context.indentation)}`);
  return { base: stack, whole: stack, keys };
}

module.exports = { inspectError, stackOf };
