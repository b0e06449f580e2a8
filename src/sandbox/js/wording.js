// @ts-check
/**
 * What errors say, in V8's words: scripts were written, and their results are compared, with those. The engine asks
 * here whenever it makes an error; what it threw itself is reworded, what a script or a library made is left alone.
 */
'use strict';

const FILE = 'sandbox-script.js';

/** Source of the script begun last. */
let source = '';

/** Those of packages, by name. @type {Map<string, string>} */
const packages = new Map();

/** @param {Frame} frame */
const sourceOf = ({ file }) => (file === FILE ? source : packages.get(file ?? ''));

/** A global of it, by name. @type {(name: string) => any} */
let known = () => undefined;

/** @type {Record<string, string>} the engine's text → V8's, whatever was going on */
const SAME = {
  'cannot convert symbol to string': 'Cannot convert a Symbol value to a string',
  'cannot convert symbol to number': 'Cannot convert a Symbol value to a number',
  'Date value is NaN': 'Invalid time value',
  'invalid array length': 'Invalid array length',
  'invalid string length': 'Invalid string length',
  'empty array': 'Reduce of empty array with no initial value',
  'expecting hex digit': 'URI malformed',
  'expecting %': 'URI malformed',
  'malformed UTF-8': 'URI malformed',
  'expecting surrogate pair': 'URI malformed',
  "invalid 'instanceof' right operand": "Right-hand side of 'instanceof' is not an object",
  'bad normalization form': 'The normalization form should be one of NFC, NFD, NFKC, NFKD.',
  'invalid array index': 'Invalid typed array length',
  'bigint argument with unary +': 'Cannot convert a BigInt value to a number',
  'invalid value used as WeakMap key': 'Invalid value used as weak map key',
  'invalid value used as WeakSet key': 'Invalid value used in weak set',
  'BigInt are forbidden in JSON.stringify': 'Do not know how to serialize a BigInt',
};

/** @type {Record<string, string>} what built-in functions say of their argument */
const DIGITS = {
  toFixed: 'toFixed() digits argument must be between 0 and 100',
  toPrecision: 'toPrecision() argument must be between 1 and 100',
  toExponential: 'toExponential() argument must be between 0 and 100',
};

/** @type {Record<string, string>} */
const NO_OBJECT = {
  Proxy: 'Cannot create proxy with a non-object as target or handler',
  defineProperty: 'Object.defineProperty called on non-object',
  defineProperties: 'Object.defineProperties called on non-object',
  ownKeys: 'Reflect.ownKeys called on non-object',
};

/**
 * @typedef {{file: string | null, name: string, line: number, column: number, native: boolean}} Frame
 */

/** @param {any} site @returns {Frame} */
function frameOf(site) {
  const name = site.getFunctionName() || '<anonymous>';
  if (site.isNative()) return { file: null, name, line: 0, column: 0, native: true };
  return {
    file: site.getFileName(), name, line: site.getLineNumber(), column: site.getColumnNumber(), native: false,
  };
}

/** @param {Frame} frame */
function lineOf({ file, name, line, column, native }) {
  return `    at ${name} (${native ? 'native' : `${file}:${line}:${column}`})`;
}

/** How a reading of the script at a frame's place is made, nothing where that is neither the script nor a package. @param {Frame} [frame] */
function reading(frame) {
  const text = frame && sourceOf(frame);
  if (!frame || !text) return undefined;
  // What comes before the script is ours.
  return own('./source-text').at(text, Math.max(frame.line, 1), frame.line < 1 ? 1 : frame.column);
}

/** @type {[RegExp, (found: RegExpExecArray, frames: Frame[]) => string | undefined][]} */
const PATTERNS = [
  [/^cannot read property 'Symbol\.iterator' of (undefined|null)$/, ([, what], [top]) => {
    const taken = apart(top, 'iterated');
    if (taken) return own('./taken-apart').notIterable(taken, what);
    return top.name === 'fromEntries' ? `${what} is not iterable` : own('./taken-apart').nothingToIterate(what);
  }],
  [/^cannot read property '([^]*)' of (undefined|null)$/, ([, name, what]) =>
    `Cannot read properties of ${what} (reading '${name}')`],
  [/^cannot set property '([^]*)' of (undefined|null)$/, ([, name, what]) =>
    `Cannot set properties of ${what} (setting '${name}')`],
  [/^not a function$/, (_found, [top, below]) => {
    if (top.native) return callback(top.name, below);
    const called = reading(top)?.callee(works);
    if (!called || (called.isNew && /Error$/.test(called.text))) return undefined;
    return `${called.text} is not a ${called.isNew ? 'constructor' : 'function'}`;
  }],
  [/^not a constructor$/, (_found, [top]) => {
    const called = top.native ? undefined : reading(top)?.callee(works);
    return called && `${called.text} is not a constructor`;
  }],
  [/^value is not iterable$/, (_found, [top, below]) => {
    const { notIterable, nothingToIterate } = own('./taken-apart');
    if (top.native) {
      const number = /^\d+$/.exec(reading(below)?.argument() ?? '');
      return nothingToIterate(number ? `number ${number[0]}` : 'object');
    }
    const taken = apart(top, 'iterated');
    return taken && notIterable(taken, '');
  }],
  [/^Cannot convert undefined or null to object$/, (_found, [top]) => {
    const taken = apart(top, 'read');
    return taken && own('./taken-apart').notReadable(taken);
  }],
  [/^parent class must be constructor$/, (_found, [top]) => {
    const place = top.native ? undefined : reading(top);
    // The script was last at the parent's name; before the class, where the parent has none.
    const start = Math.max(0, place?.text.slice(0, place.at).search(/\bextends\s+$/) ?? 0);
    const [, parent = ''] = /\bextends\s+([^\s{]+|\{)/.exec(place?.text.slice(start || place.at) ?? '') ?? [];
    return `Class extends value ${shown(parent)} is not a constructor or null`;
  }],
  [/^this is not initialized$/, () =>
    "Must call super constructor in derived class before accessing 'this' or returning from derived constructor"],
  [/^(.+) is not initialized$/, ([, name]) => `Cannot access '${name}' before initialization`],
  [/^'(.+)' is read-only$/, ([, name], [top]) => {
    if (top.native) return `Cannot assign to read only property '${name}' of object '[object Array]'`;
    const isConstant = isIdentifier(name) && reading(top)?.member() !== name
      && new RegExp(`\\bconst\\b[^;=]*(?<![\\w$])${name.replaceAll('$', '\\$')}(?![\\w$])`).test(source);
    return isConstant ? 'Assignment to constant variable.' : `Cannot assign to read only property '${name}' of object '#<Object>'`;
  }],
  [/^no setter for property$/, (_found, [top]) => {
    const name = reading(top)?.member();
    return name && `Cannot set property ${name} of #<Object> which has only a getter`;
  }],
  [/^object is not extensible$/, (_found, [top]) => {
    const name = top.native ? undefined : reading(top)?.member();
    return name && `Cannot add property ${name}, object is not extensible`;
  }],
  [/^could not delete property$/, (_found, [top]) => {
    const name = top.native ? undefined : reading(top)?.member();
    return name && `Cannot delete property '${name}' of #<Object>`;
  }],
  [/^private class field '(.+)' does not exist$/, ([, name]) =>
    `Cannot read private member ${name} from an object whose class did not declare it`],
  [/^class constructors must be invoked with 'new'$/, (_found, [top]) =>
    `Class constructor ${top.name === '<anonymous>' ? '' : top.name} cannot be invoked without 'new'`],
  [/^must be called with new$/, (_found, [top]) => (top.name === 'Promise'
    ? "Promise constructor cannot be invoked without 'new'" : `Constructor ${top.name} requires 'new'`)],
  [/^cannot convert BigInt to number$/, (_found, [top]) => (top.native
    ? 'Cannot convert a BigInt value to a number' : 'Cannot mix BigInt and other types, use explicit conversions')],
  [/^invalid number of digits$/, (_found, [top]) => DIGITS[top.name]],
  [/^invalid repeat count$/, (_found, [, below]) => {
    const given = reading(below)?.argument();
    return given && `Invalid count value: ${given}`;
  }],
  [/^regexp must have the 'g' flag$/, (_found, [top]) =>
    `String.prototype.${top.name} called with a non-global RegExp argument`],
  [/^regexp not supported$/, (_found, [top]) =>
    `First argument to String.prototype.${top.name} must not be a regular expression`],
  [/^not an object$/, (_found, [top]) => (top.native ? NO_OBJECT[top.name] : undefined)],
  [/^null or undefined are forbidden$/, (_found, [top]) =>
    (top.native ? `String.prototype.${top.name} called on null or undefined` : undefined)],
];

/** @param {string} name */
const isIdentifier = (name) => /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name);

/** What is taken apart at a frame's place. @param {Frame} top @param {'iterated' | 'read'} how */
function apart(top, how) {
  const place = top.native ? undefined : reading(top);
  return place && own('./taken-apart').takenApart(place.text, place.at, how);
}

/** Whether a name is that of a function the script has or makes itself. @param {string} text */
function works(text) {
  if (!/^[\w$.]+$/.test(text)) return false;
  const [first, ...rest] = text.split('.');
  let value = known(first);
  if (value === undefined && rest.length === 0) {
    const name = `\\s+${first.replaceAll('$', '\\$')}\\b`;
    return new RegExp(`\\b(?:function${name}|class${name}|(?:const|let|var)${name}\\s*=(?!\\s*[{[\\d'"\`]))`).test(source);
  }
  for (const name of rest) value = value?.[name];
  return typeof value === 'function';
}

/**
 * What a built-in says of a callback that is none.
 * @param {string} name the built-in
 * @param {Frame} [below] the frame that called it
 */
function callback(name, below) {
  if (name === 'sort') return 'The comparison function must be either a function or undefined';
  const given = reading(below)?.argument() ?? '';
  return `${name === 'Promise' ? 'Promise resolver ' : ''}${shown(given)} is not a function`;
}

/** @type {[RegExp, (found: RegExpExecArray) => string][]} how V8 shows what a literal stands for */
const LITERALS = [
  [/^$/, () => 'undefined'],
  [/^(["'`])([^]*)\1$/, ([, , text]) => text],
  [/^-?(?:0x[\da-f]+|[\d.]+)n?$/i, ([number]) => String(Number(number.replace(/n$/, '')))],
  [/^\{/, () => '#<Object>'],
  [/^\[/, () => '[object Array]'],
  [/^\//, () => '[object RegExp]'],
  [/^new\s+([\w$]+)/, ([, type]) => (['Date', 'RegExp', 'Array'].includes(type) ? `[object ${type}]` : `#<${type}>`)],
];

/** A value as V8 shows it, by what stands for it in the source; what a name stands for is most likely missing. @param {string} text */
function shown(text) {
  for (const [pattern, show] of LITERALS) {
    const found = pattern.exec(text);
    if (found) return show(found);
  }
  return 'undefined';
}

/** Errors the engine makes while it reads a script: of a token it cannot use … */
const PARSING = /^(?:expecting|unexpected|invalid (?:redefinition|number|property)|variable name|identifier|lexical|class statement|unsupported keyword: export|invalid switch|invalid first)/i;

/** @type {Record<string, string>} … and of what cannot be said */
const UNSAYABLE = {
  'function name expected': 'Function statements require a function name',
  'invalid assignment left-hand side': 'Invalid left-hand side in assignment',
  'invalid increment/decrement operand': 'Invalid left-hand side expression in postfix operation',
  'break must be inside loop or switch': 'Illegal break statement',
  'continue must be inside loop': 'Illegal continue statement: no surrounding iteration statement',
  'expecting catch or finally': 'Missing catch or finally after try',
  'line terminator not allowed after throw': 'Illegal newline after throw',
  'missing initializer for variable': 'Missing initializer in const declaration',
  "'let' is not a valid lexical identifier": 'let is disallowed as a lexically bound name',
  'super() is only valid in a derived class constructor': "'super' keyword unexpected here",
  'unsupported keyword: enum': 'Unexpected reserved word',
};

/** @param {string} message @param {Frame[]} frames @returns {string | undefined} */
function reworded(message, frames) {
  if (Object.hasOwn(SAME, message)) return SAME[message];
  for (const [pattern, word] of PATTERNS) {
    const found = pattern.exec(message);
    if (found) return word(found, frames);
  }
  return undefined;
}

/** Whether only the engine can have made this error: it was thrown by a built-in, or where nobody says `new`. */
function isEngines(/** @type {any} */ error, /** @type {Frame} */ top) {
  return error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError ||
    error instanceof URIError || (error instanceof SyntaxError && !top.native);
}

/**
 * The stack of an error that is being made. Frames of our own are nobody's business.
 * @param {any} error
 * @param {any[]} sites
 * @returns {string}
 */
function prepare(error, sites) {
  const frames = sites.map(frameOf);
  if (frames.length > 0 && isEngines(error, frames[0])) {
    const { message } = error;
    const better = error instanceof SyntaxError ? syntax(message, frames[0]) : reworded(message, frames);
    if (better !== undefined) error.message = better;
  }
  return frames.filter(({ file }) => !file?.startsWith('postproof/')).map(lineOf).join('\n');
}

/** @param {string} message @param {Frame} top @returns {string | undefined} */
function syntax(message, top) {
  if (Object.hasOwn(UNSAYABLE, message)) return UNSAYABLE[message];
  const text = top.native ? undefined : sourceOf(top);
  if (!PARSING.test(message) || text === undefined) return undefined;
  return (reading(top) ?? own('./source-text').end(text)).unexpected(message);
}

module.exports = {
  prepare,
  /** A script begins. @param {string} text @param {(name: string) => any} global its globals */
  remember(text, global) {
    source = text;
    known = global;
  },
  /** A package is about to be read. @param {string} name @param {string} text */
  rememberPackage(name, text) {
    packages.set(name, text);
  },
};
