'use strict';

/** The shapes `inspect` gives to collections, buffers, dates and the other built-in kinds; loaded on the first one. */

const { moreItems } = own('./inspect-layout');
const is = own('./kinds');

const MapIterator = Object.getPrototypeOf(new Map().entries());
const SetIterator = Object.getPrototypeOf(new Set().values());
const inheritsFrom = Function.prototype.call.bind(Object.prototype.isPrototypeOf);

/** Entries one by one as text, up to the most that are printed. */
function listed(context, values, size, print) {
  const most = Math.min(Math.max(0, context.maxArrayLength), size);
  const entries = [];
  context.indentation += 2;
  for (const value of values) {
    if (entries.length >= most) break;
    entries.push(print(value));
  }
  context.indentation -= 2;
  if (size > most) entries.push(moreItems(size - most));
  return entries;
}

function mapShape(tools, context, value, { name, tag }) {
  const size = is.mapSize(value);
  const label = tools.prefix(name, tag, 'Map', `(${size})`);
  const print = (depth) => ([key, one]) =>
        `${tools.inspectValue(context, key, depth)} => ${tools.inspectValue(context, one, depth)}`;
  const entries = (depth) => listed(context, Map.prototype.entries.call(value), size, print(depth));
  return { brace: `${label}{`, whole: size === 0 ? `${label}{}` : undefined, entries };
}

function setShape(tools, context, value, { name, tag }) {
  const size = is.setSize(value);
  const label = tools.prefix(name, tag, 'Set', `(${size})`);
  const entries = (depth) =>
    listed(context, Set.prototype.values.call(value), size, (one) => tools.inspectValue(context, one, depth));
  return { brace: `${label}{`, whole: size === 0 ? `${label}{}` : undefined, entries };
}

function typedArrayShape(tools, context, value, { name, tag }, type) {
  const label = tools.prefix(name, tag, type, `(${value.length})`);
  const keys = tools.keysOf(context, value, true);
  const text = (one) => (typeof one === 'bigint' ? `${one}n` : tools.numberText(one));
  const entries = (depth) => {
    const all = listed(context, value, value.length, text);
    if (context.showHidden) {
      for (const key of ['BYTES_PER_ELEMENT', 'length', 'byteLength', 'byteOffset', 'buffer']) {
        all.push(`[${key}]: ${tools.nested({ ...context, showHidden: false }, value[key], depth)}`);
      }
    }
    return all;
  };
  return { brace: `${label}[`, close: ']', whole: value.length === 0 ? `${label}[]` : undefined, list: true, keys, entries };
}

function bytesText(context, buffer) {
  const bytes = new Uint8Array(buffer);
  const most = Math.min(Math.max(0, context.maxArrayLength), bytes.length);
  const hex = Array.from(bytes.subarray(0, most), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
  const rest = bytes.length - most;
  const more = rest > 0 ? ` ... ${rest} more byte${rest > 1 ? 's' : ''}` : '';
  return `[Uint8Contents]: <${hex}${more}>`;
}

function bufferShape(tools, context, value, { name, tag }) {
  const label = tools.prefix(name, tag, is.isArrayBuffer(value) ? 'ArrayBuffer' : 'SharedArrayBuffer');
  const entries = () => [bytesText(context, value), `byteLength: ${value.byteLength}`];
  return { brace: `${label}{`, entries };
}

function dataViewShape(tools, context, value, { name, tag }) {
  const own = (depth) =>
    ['byteLength', 'byteOffset', 'buffer'].map((key) => `${key}: ${tools.nested(context, value[key], depth)}`);
  return { brace: `${tools.prefix(name, tag, 'DataView')}{`, entries: own };
}

function iteratorShape(tools, context, value, tag, kind) {
    // Reading an iterator would use it up; a host that can peek says what is left.
  const left = host.previewIterator?.(value);
  const label = tag !== `${kind} Iterator` && tag !== '' ? `${tag}] [${kind} Iterator` : `${kind} Iterator`;
  const entries = (depth) =>
        left ? listed(context, left, left.length, (one) => tools.inspectValue(context, one, depth)) : ['<items unknown>'];
  return { brace: `[${label}] {`, entries };
}

function promiseShape(tools, context, value, { name, tag }) {
  const [state, result] = host.promiseState?.(value) ?? ['pending'];
  const entries = (depth) => {
    if (state === 'pending') return ['<pending>'];
    const text = tools.nested(context, result, depth);
    return [state === 'rejected' ? `<rejected> ${text}` : text];
  };
  return { brace: `${tools.prefix(name, tag, 'Promise')}{`, entries };
}

function withPrefix(tools, { name, tag }, fallback, text) {
  const label = tools.prefix(name, tag, fallback);
  return label === `${fallback} ` ? text : label + text;
}

function boxedShape(tools, context, value, { name, tag }, [type, inner]) {
  let base = `[${type}`;
  if (name !== type) base += name === null ? ' (null prototype)' : ` (${name})`;
  base += `: ${tools.inspectValue({ ...context, indentation: 0 }, inner, 0)}]`;
  if (tag !== '' && tag !== name) base += ` [${tag}]`;
  const keys = tools.keysOf(context, value, type === 'String');
  return { base, whole: base, keys };
}

/** @returns {object} a `Shape`, see `inspect.js` */
function shapeOf(tools, context, value, names) {
  const { name, tag } = names;
  if (is.isMap(value)) return mapShape(tools, context, value, names);
  if (is.isSet(value)) return setShape(tools, context, value, names);
  const typed = is.typedArrayName(value);
  if (typed) return typedArrayShape(tools, context, value, names, typed);
  if (inheritsFrom(MapIterator, value)) return iteratorShape(tools, context, value, tag, 'Map');
  if (inheritsFrom(SetIterator, value)) return iteratorShape(tools, context, value, tag, 'Set');
  if (is.isRegExp(value)) {
    const base = withPrefix(tools, names, 'RegExp', RegExp.prototype.toString.call(value));
    return { base, whole: base };
  }
  if (is.isDate(value)) {
    const text = Number.isNaN(value.getTime()) ? 'Invalid Date' : Date.prototype.toISOString.call(value);
    const base = withPrefix(tools, names, 'Date', text);
    return { base, whole: base };
  }
  if (is.isArrayBuffer(value) || is.isSharedArrayBuffer(value)) return bufferShape(tools, context, value, names);
  if (is.isDataView(value)) return dataViewShape(tools, context, value, names);
  if (is.isPromise(value)) return promiseShape(tools, context, value, names);
  for (const [kind, test] of [['WeakSet', is.isWeakSet], ['WeakMap', is.isWeakMap]]) {
    if (test(value)) return { brace: `${tools.prefix(name, tag, kind)}{`, entries: () => ['<items unknown>'] };
  }
  const box = is.boxed(value);
  if (box) return boxedShape(tools, context, value, names, box);
  const label = tools.prefix(name, tag, 'Object');
  return { brace: `${label}{`, whole: `${label}{}` };
}

module.exports = { shapeOf };
