'use strict';

/** `console`'s `%s %d %i %f %j %o %O %c` over `inspect`. */

const { inspect, numberText } = own('./inspect');

const BUILT_IN = new Set(Object.getOwnPropertyNames((0, eval)('this')).filter((name) => /^[A-Z][a-zA-Z0-9]+$/.test(name)));

/** Whether `String(value)` would say nothing of its own, as of `{}`. */
function printsAsBuiltIn(value) {
  const has = (name) => typeof value[name] === 'function';
  if (!has('toString') && !has(Symbol.toPrimitive)) return true;
  for (let at = value; at !== null; at = Object.getPrototypeOf(at)) {
    const holds = (has('toString') && Object.hasOwn(at, 'toString')) || (has(Symbol.toPrimitive) && Object.hasOwn(at, Symbol.toPrimitive));
    if (!holds) continue;
    if (at === value) return false;
    const constructor = Object.getOwnPropertyDescriptor(at, 'constructor')?.value;
    return typeof constructor === 'function' && BUILT_IN.has(constructor.name);
  }
  return true;
}

function toJson(value) {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (error instanceof TypeError && /circular/i.test(error.message)) return '[Circular]';
    throw error;
  }
}

/** @param {(value: any) => number} parse */
const asNumber = (parse) => (value) => {
  if (typeof value === 'bigint') return `${value}n`;
  return typeof value === 'symbol' ? 'NaN' : numberText(parse(value));
};

/** @type {Record<string, (value: any, options: object) => string>} */
const PLACEHOLDERS = {
  s(value, options) {
    if (typeof value === 'number') return numberText(value);
    if (typeof value === 'bigint') return `${value}n`;
    const plain = typeof value !== 'object' || value === null || !printsAsBuiltIn(value);
    return plain ? String(value) : inspect(value, { ...options, compact: 3, depth: 0 });
  },
  j: (value) => String(toJson(value)),
  d: asNumber(Number),
  i: asNumber((value) => parseInt(value, 10)),
  f: (value) => (typeof value === 'symbol' ? 'NaN' : numberText(parseFloat(value))),
  o: (value, options) => inspect(value, { ...options, showHidden: true, depth: 4 }),
  O: (value, options) => inspect(value, options),
  c: () => '',
};

/**
 * @param {unknown[]} args what a script gave the console
 * @param {object} options for `inspect`
 * @returns {string}
 */
function format(args, options) {
  const [first] = args;
  if (typeof first !== 'string') return args.map((arg) => printed(arg, options)).join(' ');
  if (args.length === 1) return first;
  let used = 1;
  const text = first.replace(/%([sjdifoOc%])/g, (all, kind) => {
    if (kind === '%') return '%';
    return used < args.length ? PLACEHOLDERS[kind](args[used++], options) : all;
  });
  return [text, ...args.slice(used).map((arg) => printed(arg, options))].join(' ');
}

const printed = (arg, options) => (typeof arg === 'string' ? arg : inspect(arg, options));

module.exports = { format };
