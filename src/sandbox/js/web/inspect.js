'use strict';

/** `inspect(value, options)`: a value as Node's `util.inspect` prints it. */

const { ESCAPED_OR_QUOTE, escapeUnit, layOut, moreItems, quote, quoteLong } = own('./inspect-layout');
const { inspectError } = own('./inspect-error');
const is = own('./kinds');

const CUSTOM = Symbol.for('nodejs.util.inspect.custom');
const IDENTIFIER = /^[a-zA-Z_][a-zA-Z_0-9]*$/;
const INDEX = /^(0|[1-9][0-9]*)$/;

const hasOwn = Object.hasOwn;
const isEnumerable = Function.prototype.call.bind(Object.prototype.propertyIsEnumerable);
const functionText = Function.prototype.call.bind(Function.prototype.toString);

const DEFAULTS = {
  depth: 2,
  breakLength: 80,
  compact: 3,
  maxArrayLength: 100,
  maxStringLength: 10000,
  showHidden: false,
};

/** Name of the class a value comes from: null without a prototype. */
function className(value) {
  let first;
  for (let at = value; at !== null; at = Object.getPrototypeOf(at)) {
    const constructor = Object.getOwnPropertyDescriptor(at, 'constructor')?.value;
    if (typeof constructor === 'function' && constructor.name !== '' && isInstance(value, constructor)) {
      return String(constructor.name);
    }
    if (first === undefined) first = Object.getPrototypeOf(at);
  }
  return first === null ? null : 'Object <Complex prototype>';
}

function isInstance(value, constructor) {
  try {
    return value instanceof constructor;
  } catch {
    return false;
  }
}

function prefix(name, tag, fallback, size = '') {
  if (name === null) {
    const label = `[${fallback}${size}: null prototype] `;
    return tag !== '' && fallback !== tag ? `${label}[${tag}] ` : label;
  }
  return tag !== '' && name !== tag ? `${name}${size} [${tag}] ` : `${name}${size} `;
}

function numberText(number) {
  return Object.is(number, -0) ? '-0' : String(number);
}

function inspectPrimitive(context, value) {
  switch (typeof value) {
    case 'string':
      return quoteLong(context, value);
    case 'number':
      return numberText(value);
    case 'bigint':
      return `${value}n`;
    case 'symbol':
      return value.toString();
    default:
      return String(value);
  }
}

function customInspect(context, value, depth) {
  const custom = value[CUSTOM];
  if (typeof custom !== 'function' || custom === inspect) return undefined;
  if (value.constructor && value.constructor.prototype === value) return undefined;
  const { breakLength, compact, maxArrayLength, maxStringLength, showHidden } = context;
  const options = { depth: context.depth, breakLength, compact, maxArrayLength, maxStringLength, showHidden };
  const text = custom.call(value, context.depth - depth, { ...options, stylize: String }, inspect);
  if (text === value) return undefined;
  if (typeof text !== 'string') return inspectValue(context, text, depth);
  return text.replaceAll('\n', `\n${' '.repeat(context.indentation)}`);
}

function circularMark(context, value) {
  context.circular ??= new Map();
  if (!context.circular.has(value)) context.circular.set(value, context.circular.size + 1);
  return `[Circular *${context.circular.get(value)}]`;
}

/** @param {number} depth how deep `value` stands, the outermost being 0 */
function inspectValue(context, value, depth) {
  if (value === null) return 'null';
  if (typeof value !== 'object' && typeof value !== 'function') return inspectPrimitive(context, value);
  const custom = customInspect(context, value, depth);
  if (custom !== undefined) return custom;
  if (context.seen.includes(value)) return circularMark(context, value);
  return inspectObject(context, value, depth);
}

function keysOf(context, value, skipIndexes) {
    /** @type {(string | symbol)[]} */
  let keys = context.showHidden ? Object.getOwnPropertyNames(value) : Object.keys(value);
  if (skipIndexes) keys = keys.filter((key) => !INDEX.test(String(key)));
  const symbols = Object.getOwnPropertySymbols(value);
  for (const symbol of symbols) if (context.showHidden || isEnumerable(value, symbol)) keys.push(symbol);
  return keys;
}

function tagOf(context, value) {
  const tag = value[Symbol.toStringTag];
  if (typeof tag !== 'string' || tag === '') return '';
  const shown = context.showHidden ? hasOwn(value, Symbol.toStringTag) : isEnumerable(value, Symbol.toStringTag);
  return shown ? '' : tag;
}

/**
 * How one kind of value prints: `base` stands before the braces, `whole` replaces them when there are no entries,
 * `entries` are what the value holds besides its properties.
 *
 * @typedef {{base?: string, whole?: string, brace?: string, close?: string, list?: boolean, keys?: PropertyKey[],
 *   entries?: (depth: number) => string[]}} Shape
 */

/** @returns {Shape} */
function shapeOf(context, value, name, tag) {
  if (Array.isArray(value)) {
    const label = name !== 'Array' || tag !== '' ? prefix(name, tag, 'Array', `(${value.length})`) : '';
    const entries = (depth) => arrayEntries(context, value, depth);
    const keys = keysOf(context, value, true);
    return { brace: `${label}[`, close: ']', whole: value.length === 0 ? `${label}[]` : undefined, list: true, keys, entries };
  }
  if (typeof value === 'function') return functionShape(value, name, tag);
  if (name === 'Object' && !is.isError(value)) {
    if (is.isArguments(value)) return { brace: '[Arguments] {', whole: '[Arguments] {}' };
    const label = tag !== '' ? prefix(name, tag, 'Object') : '';
    return { brace: `${label}{`, whole: `${label}{}` };
  }
  return own('./inspect-kinds').shapeOf(tools, context, value, { name, tag });
}

const CLASS = /^class(?=[\s{])(?:\s*\{|[^(]*?\{)/;
const COMMENTS = /\/\/.*?\n|\/\*[^]*?\*\//g;

function functionShape(value, name, tag) {
  const text = functionText(value);
  if (text.startsWith('class') && CLASS.test(text.replace(COMMENTS, ''))) return classShape(value, name, tag);
  const kind = Object.prototype.toString.call(value).slice(8, -1);
  const type = kind.endsWith('Function') ? kind : 'Function';
  let base = `[${type}${name === null ? ' (null prototype)' : ''}`;
  base += value.name === '' ? ' (anonymous)]' : `: ${String(value.name)}]`;
  if (name !== type && name !== null) base += ` ${name}`;
  if (tag !== '' && name !== tag) base += ` [${tag}]`;
  return { base, whole: base };
}

function classShape(value, name, tag) {
  let base = `class ${(hasOwn(value, 'name') && value.name) || '(anonymous)'}`;
  if (name !== 'Function' && name !== null) base += ` [${name}]`;
  if (tag !== '' && name !== tag) base += ` [${tag}]`;
  const parent = name === null ? '[null prototype]' : Object.getPrototypeOf(value).name;
  if (parent) base += ` extends ${parent}`;
  return { base: `[${base}]`, whole: `[${base}]` };
}

function inspectObject(context, value, depth) {
  const name = className(value);
  const tag = tagOf(context, value);
  const shape = is.isError(value)
        ? inspectError(context, value, name, tag, keysOf(context, value, false))
        : shapeOf(context, value, name, tag);
  const keys = shape.keys ?? keysOf(context, value, false);
  if (keys.length === 0 && shape.whole !== undefined) return shape.whole;
  if (depth > context.depth) {
    const label = prefix(name, tag, Array.isArray(value) ? 'Array' : 'Object').slice(0, -1);
    return name === null ? label : `[${label}]`;
  }
  context.seen.push(value);
  context.currentDepth = depth + 1;
  const entries = shape.entries ? shape.entries(depth + 1) : [];
  for (const key of keys) entries.push(property(context, value, depth + 1, key, false));
  context.seen.pop();
  const mark = context.circular?.get(value);
  const base = [mark === undefined ? '' : `<ref *${mark}>`, shape.base ?? ''].filter(Boolean).join(' ');
  const braces = [shape.brace ?? '{', shape.close ?? '}'];
  return layOut(context, { base, braces, entries, list: Boolean(shape.list), depth: depth + 1, value });
}

function propertyName(key, descriptor) {
  if (typeof key === 'symbol') return `[${key.toString().replace(ESCAPED_OR_QUOTE, escapeUnit)}]`;
  if (key === '__proto__') return "['__proto__']";
  if (descriptor.enumerable === false) return `[${key.replace(ESCAPED_OR_QUOTE, escapeUnit)}]`;
  return IDENTIFIER.test(key) ? key : quote(key);
}

/** @param {boolean} bare an entry of an array: no name before it */
function property(context, value, depth, key, bare) {
  const descriptor = Object.getOwnPropertyDescriptor(value, key) ?? { value: value[key], enumerable: true };
  let text;
  if (descriptor.get !== undefined) text = descriptor.set === undefined ? '[Getter]' : '[Getter/Setter]';
  else if (descriptor.set !== undefined) text = '[Setter]';
  else text = nested(context, descriptor.value, depth);
  return bare ? text : `${propertyName(key, descriptor)}: ${text}`;
}

function nested(context, value, depth) {
  context.indentation += 2;
  const text = inspectValue(context, value, depth);
  context.indentation -= 2;
  return text;
}

function arrayEntries(context, value, depth) {
  const most = Math.min(Math.max(0, context.maxArrayLength), value.length);
  const entries = [];
  for (let at = 0; at < most; at++) {
    if (!hasOwn(value, at)) return sparseEntries(context, value, depth, entries);
    entries.push(property(context, value, depth, at, true));
  }
  if (value.length > most) entries.push(moreItems(value.length - most));
  return entries;
}

function sparseEntries(context, value, depth, entries) {
  const holes = (count) => `<${count} empty item${count > 1 ? 's' : ''}>`;
  const keys = Object.keys(value).filter((key) => INDEX.test(key) && Number(key) < 2 ** 32 - 1);
  let next = entries.length;
  for (const key of keys.slice(next)) {
    if (entries.length >= context.maxArrayLength) break;
    if (Number(key) !== next) {
      entries.push(holes(Number(key) - next));
      next = Number(key);
      if (entries.length >= context.maxArrayLength) break;
    }
    entries.push(property(context, value, depth, key, true));
    next++;
  }
  const rest = value.length - next;
  if (rest > 0) entries.push(entries.length < context.maxArrayLength ? holes(rest) : moreItems(rest));
  return entries;
}

/** What the rarer kinds need from here. */
const tools = { inspectValue, keysOf, nested, numberText, prefix, property };

/**
 * @param {unknown} value
 * @param {Partial<typeof DEFAULTS>} [options] as `util.inspect` takes them
 * @returns {string}
 */
function inspect(value, options) {
    /** @type {any} */
  const context = { ...DEFAULTS, indentation: 0, currentDepth: 0, seen: [], circular: undefined };
  for (const name in DEFAULTS) if (options?.[name] !== undefined) context[name] = options[name] ?? Infinity;
  if (context.compact === false) context.compact = 0;
  return inspectValue(context, value, 0);
}
inspect.custom = CUSTOM;

module.exports = { inspect, numberText };
