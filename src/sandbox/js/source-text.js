// @ts-check
/**
 * Reads a script's source around a place, as far as V8's messages quote it: `pm.response.json(...).map`.
 */
'use strict';

const WORD = /[\p{ID_Continue}$#]/u;
const OPEN = { ')': '(', ']': '[', '}': '{' };
const CLOSE = { '(': ')', '[': ']', '{': '}' };
const INTERMEDIATE = '(intermediate value)';

/** Words after which an operand begins. */
const BEFORE_OPERAND = new Set(['return', 'typeof', 'await', 'new', 'void', 'delete', 'in', 'of', 'case', 'do', 'else', 'throw', 'yield', 'instanceof']);

/** Words with parentheses after them that call nothing. */
const NO_CALLEE = new Set(['function', 'if', 'for', 'while', 'switch', 'catch', 'with', 'return', 'typeof', 'async']);

/** One place in a source. */
class Place {
  /** @param {string} text @param {number} at */
  constructor(text, at) {
    this.text = text;
    this.at = at;
  }

  /**
   * What is called here, or around here: the place of a call may be that of one of its arguments.
   * @param {(text: string) => boolean} works whether that is known to be a function
   */
  callee(works) {
    for (let at = this.at, depth = 0; depth < 8; depth += 1) {
      const found = this.#calleeAt(at);
      if (found && !NO_CALLEE.has(found.text) && (found.isNew || !works(found.text))) return found;
      const open = this.#enclosing(at);
      if (open === undefined) return undefined;
      at = this.#wordStart(skipBack(this.text, open));
    }
    return undefined;
  }

  /** @param {number} at */
  #calleeAt(at) {
    const start = this.#start(at);
    if (start === undefined) return undefined;
    const made = this.#wordBefore(start) === 'new' ? this.#chain(start, true) : undefined;
    if (made !== undefined && at < made) return { text: shown(this.text.slice(start, made)), isNew: true };
    const end = this.#called(at);
    if (end === undefined) return undefined;
    if (made === undefined) return { text: shown(this.#grouped(start, end)), isNew: false };
    const rest = (matching(this.text, skip(this.text, made)) ?? made - 1) + 1;
    return { text: INTERMEDIATE + shown(this.text.slice(rest, end)), isNew: false };
  }

  /** The operand that begins here, where V8 has words for it, and its end. @returns {{text: string | undefined, end: number}} */
  operand() {
    const end = this.#chain(this.at);
    const text = end > this.at ? shown(this.text.slice(this.at, end)) : INTERMEDIATE;
    const first = word(this.text.slice(this.at));
    const isReserved = first === 'await' || (RESERVED.has(first) && !/^(?:this|null)$/.test(first));
    return { text: isReserved || text.includes(INTERMEDIATE) ? undefined : text, end };
  }

  /** The first argument of the call here, as it is written; empty without one. */
  argument() {
    const called = this.#called(this.at);
    const open = called === undefined ? undefined : skip(this.text, called);
    if (open === undefined || this.text[open] !== '(') return undefined;
    let end = open + 1;
    while (end < this.text.length && !/[,)]/.test(this.text[end])) end = (ending(this.text, end) ?? end) + 1;
    return this.text.slice(open + 1, end).trim();
  }

  /** Whether a call begins here. */
  isCall() {
    return this.#called(this.at) !== undefined;
  }

  /** Whether what begins here is an argument of a call. */
  isArgument() {
    const before = skipBack(this.text, this.at);
    return this.text[before] === '(' || (this.text[before] === ',' && this.#bracket(before) === '(');
  }

  /** The name of the member here, nothing where there is none or it is called. */
  member() {
    return this.text[skipBack(this.text, this.at)] === '.' && !this.isCall() ? word(this.text.slice(this.at)) : undefined;
  }

  /** What V8 says of a token it cannot use here. @param {string} message the engine's words */
  unexpected(message) {
    const rest = this.text.slice(this.at).replace(/^(?:\s|\/\/.*|\/\*[^]*?\*\/)+/, '');
    const name = word(rest);
    if (message.startsWith('invalid redefinition')) {
      const before = /([\p{ID_Start}$_][\p{ID_Continue}$]*)\W*$/u.exec(this.text.slice(0, this.at))?.[1];
      return before && `Identifier '${/^\D/.test(name) ? name : before}' has already been declared`;
    }
    if (rest === '' || rest[0] === '`') return this.#ending();
    if (this.#wordBefore(this.text.length - rest.length) === 'await') {
      return 'await is only valid in async functions and the top level bodies of modules';
    }
    if (/^["']/.test(rest) && !closes(rest)) return 'Invalid or unexpected token';
    if (/^[\p{ID_Continue}$"'`]/u.test(rest) && this.#inArguments()) return 'missing ) after argument list';
    if (/^["']/.test(rest)) return 'Unexpected string';
    if (/^\d/.test(rest)) return /^\d+(?:\.\d*)?[\p{ID_Start}$_]/u.test(rest) ? 'Invalid or unexpected token' : 'Unexpected number';
    if (/^[\p{ID_Start}$_]/u.test(rest)) {
      if (name === 'let' && !/^let\s*$/.test(rest)) return 'Lexical declaration cannot appear in a single-statement context';
      return RESERVED.has(name) ? `Unexpected token '${name}'` : `Unexpected identifier '${name}'`;
    }
    const mark = /^(?:>>>=|\.\.\.|===|!==|\*\*=|<<=|>>=|>>>|&&=|\|\|=|\?\?=|=>|==|!=|<=|>=|&&|\|\||\?\?|\?\.|\+\+|--|\*\*|<<|>>|[-+*/%&|^]=|[{}()[\];,<>+\-*/%&|^!~?:=.])/.exec(rest);
    return mark ? `Unexpected token '${mark[0]}'` : 'Invalid or unexpected token';
  }

  /**
   * What V8 says of a script that stops too early, for what comes next is Postman's: `;})().then(…` closes a function,
   * then the call it is an argument of.
   */
  #ending() {
    const open = unclosed(this.text);
    if (open.some(({ mark }) => mark === '`')) return 'Unexpected end of input';
    const last = open.at(-1);
    if (last?.mark === '(' && last.isCall) return 'missing ) after argument list';
    if (last?.mark !== '{' || !last.isBlock) return "Unexpected token ';'";
    return open.at(-2)?.mark === '(' ? 'Unexpected end of input' : "Unexpected token ')'";
  }

  /** Whether the parenthesis around this place is that of a call. */
  #inArguments() {
    const open = this.#enclosing(this.at);
    return open !== undefined && isCallAt(this.text, open);
  }

  /** Where the chain of members and calls begins that has a word at this place. @param {number} at */
  #start(at) {
    let start = at;
    for (;;) {
      const dot = skipBack(this.text, start);
      if (this.text[dot] !== '.') return start;
      let end = skipBack(this.text, this.text[dot - 1] === '?' ? dot - 1 : dot);
      while (this.text[end] === ')' || this.text[end] === ']') {
        const open = matching(this.text, end);
        if (open === undefined) return undefined;
        start = open;
        end = skipBack(this.text, open);
        const name = WORD.test(this.text[end] ?? '') ? this.text.slice(this.#wordStart(end), end + 1) : '';
        if (BEFORE_OPERAND.has(name)) return start;
        if (!name && this.text[end] !== ')' && this.text[end] !== ']') return start;
      }
      if (!WORD.test(this.text[end] ?? '')) return literalStart(this.text, end);
      start = this.#wordStart(end);
    }
  }

  /** A chain's text, with the parentheses that end within it. @param {number} start @param {number} end */
  #grouped(start, end) {
    if (this.text[end - 1] !== ')') return this.text.slice(start, end);
    return this.text.slice(Math.min(start, matching(this.text, end - 1) ?? start), end);
  }

  /** The first place of the word that ends here. @param {number} end */
  #wordStart(end) {
    let start = end;
    while (start > 0 && WORD.test(this.text[start - 1])) start -= 1;
    return start;
  }

  /** @param {number} start */
  #wordBefore(start) {
    const end = skipBack(this.text, start);
    return WORD.test(this.text[end] ?? '') ? this.text.slice(this.#wordStart(end), end + 1) : '';
  }

  /** Where the arguments of the call begin whose last name is here. @param {number} at */
  #called(at) {
    let end = at;
    if (this.text[end] === '(') end = matching(this.text, end) ?? end;
    while (WORD.test(this.text[end] ?? '')) end += 1;
    for (;;) {
      const next = skip(this.text, end);
      if (this.text[next] === '[') end = (matching(this.text, next) ?? this.text.length) + 1;
      else if (this.text[next] === ')') end = next + 1;
      else break;
    }
    const next = skip(this.text, end);
    return end > at && (this.text[next] === '(' || this.text[next] === '`') ? end : undefined;
  }

  /** Where the operand that begins at a place ends; before its first call, for `new`. @param {number} at @param {boolean} [uncalled] */
  #chain(at, uncalled = false) {
    let end = at;
    const close = matching(this.text, at);
    if (close !== undefined) end = close + 1;
    else while (WORD.test(this.text[end] ?? '')) end += 1;
    if (end === at) return at;
    for (;;) {
      const next = skip(this.text, end);
      if (this.text[next] === '.' && this.text[next + 1] !== '.') {
        end = skip(this.text, next + 1);
        while (WORD.test(this.text[end] ?? '')) end += 1;
      } else if (this.text.startsWith('?.', next)) end = next + 1;
      else if ((this.text[next] === '(' && !uncalled) || this.text[next] === '[') end = (matching(this.text, next) ?? this.text.length) + 1;
      else return end;
    }
  }

  /** What opens the brackets around a place. @param {number} at */
  #bracket(at) {
    let here = at - 1;
    while (here >= 0 && !(this.text[here] in CLOSE)) here = (this.text[here] in OPEN ? matching(this.text, here) ?? 0 : here) - 1;
    return this.text[here];
  }

  /** The parenthesis around a place, nothing where there is none. @param {number} at */
  #enclosing(at) {
    for (let here = at - 1; here >= 0; here -= 1) {
      if (this.text[here] === '(') return here;
      if (this.text[here] in OPEN) here = matching(this.text, here) ?? -1;
      else if (this.text[here] === ';') return undefined;
    }
    return undefined;
  }
}

/** @param {string} text @param {number} open */
function isCallAt(text, open) {
  const end = skipBack(text, open);
  if (text[end] === ')' || text[end] === ']') return true;
  let start = end;
  while (start > 0 && WORD.test(text[start - 1])) start -= 1;
  return WORD.test(text[end] ?? '') && !NO_CALLEE.has(text.slice(start, end + 1));
}

/** What is open where a script ends, outermost first. @param {string} text */
function unclosed(text) {
  /** @type {{mark: string, isCall: boolean, isBlock: boolean}[]} */
  const open = [];
  const token = /\/\/.*|\/\*[^]*?\*\/|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`|[(){}[\]`]/g;
  for (const { 0: mark, index } of text.matchAll(token)) {
    if (mark === '`') return [...open, { mark, isCall: false, isBlock: false }];
    if (mark.length > 1) continue;
    if (mark in OPEN) open.pop();
    else {
      const isBlock = /(?:\)|=>|\belse|\bdo|\btry|\bfinally|[;{}]|^)\s*$/.test(text.slice(Math.max(0, index - 20), index));
      open.push({ mark, isCall: isCallAt(text, index), isBlock });
    }
  }
  return open;
}

const RESERVED = new Set(`break case catch class const continue debugger default delete do else export extends false finally for
  function if import in instanceof new null return super switch this throw true try typeof var void while with`.split(/\s+/));

/** @param {string} text */
const word = (text) => /^[\p{ID_Continue}$]+/u.exec(text)?.[0] ?? '';

/** Whether a string literal ends on its line. @param {string} text */
const closes = (text) => /^(?:"(?:[^"\\\n]|\\[^])*"|'(?:[^'\\\n]|\\[^])*')/.test(text);

/** The next place that holds something. @param {string} text @param {number} at */
function skip(text, at) {
  while (/\s/.test(text[at] ?? '')) at += 1;
  return at;
}

/** The place before this one that holds something. @param {string} text @param {number} at */
function skipBack(text, at) {
  do at -= 1; while (/\s/.test(text[at] ?? ''));
  return at;
}

/** The other parenthesis of a pair; strings between them are passed over. @param {string} text @param {number} at */
function matching(text, at) {
  const ahead = text[at] in CLOSE;
  if (!ahead && !(text[at] in OPEN)) return undefined;
  const step = ahead ? 1 : -1;
  let depth = 0;
  for (let here = at; here >= 0 && here < text.length; here += step) {
    const mark = text[here];
    if (mark === '"' || mark === "'" || mark === '`') {
      do here += step; while (here >= 0 && here < text.length && text[here] !== mark);
    } else if (mark in (ahead ? CLOSE : OPEN)) depth += 1;
    else if (mark in (ahead ? OPEN : CLOSE)) {
      depth -= 1;
      if (depth === 0) return here;
    }
  }
  return undefined;
}

/** Where what a string or a parenthesis here opens is closed. @param {string} text @param {number} at */
function ending(text, at) {
  if (!/["'`]/.test(text[at])) return text[at] in CLOSE ? matching(text, at) : undefined;
  const close = text.indexOf(text[at], at + 1);
  return close === -1 ? undefined : close;
}

/** Where the string that ends here begins. @param {string} text @param {number} end */
function literalStart(text, end) {
  const mark = text[end];
  if (mark !== '"' && mark !== "'" && mark !== '`') return undefined;
  const start = text.lastIndexOf(mark, end - 1);
  return start === -1 ? undefined : start;
}

/**
 * A callee or operand as V8 prints it: arguments left out, constant keys as names.
 * @param {string} text
 */
function shown(text) {
  let out = '';
  let at = skip(text, 0);
  if (text[at] === '(') {
    const close = matching(text, at) ?? text.length;
    const inner = text.slice(at + 1, close).trim();
    if (isChain(inner)) out = shown(inner);
    else if (inner === '{}') out = inner;
    else if (/^[\w.$]+ (?:\|\||&&|\?\?) [\w.$]+$/.test(inner)) out = `(${inner})`;
    else out = /^[\w.\s,]+$/.test(inner) ? `(${inner.replace(/\s*,\s*/g, ' , ')})` : INTERMEDIATE;
    at = close + 1;
  } else if (text[at] === '[' || text[at] === '{') {
    const close = matching(text, at) ?? text.length;
    const inner = text.slice(at + 1, close).trim();
    out = inner === '' ? text[at] + text[close] : INTERMEDIATE;
    at = close + 1;
  } else if (/["'`]/.test(text[at] ?? '')) {
    const close = text.indexOf(text[at], at + 1);
    out = `"${text.slice(at + 1, close)}"`;
    at = close + 1;
  }
  for (; at < text.length; at += 1) {
    const mark = text[at];
    if (mark === '(') {
      at = matching(text, at) ?? text.length;
      out += '(...)';
    } else if (mark === '[') {
      const close = matching(text, at) ?? text.length;
      const key = text.slice(at + 1, close).trim();
      const constant = /^(["'`])(.*)\1$/s.exec(key);
      out += constant ? `.${constant[2]}` : `[${isChain(key) ? shown(key) : /^\d+$/.test(key) ? key : '(intermediate value)'}]`;
      at = close;
    } else if (!/\s/.test(mark)) out += mark;
  }
  return out.replace(/^new [^(]*\(\.\.\.\)/, INTERMEDIATE).replace(/^(?:await)(?=\W)/, '');
}

/** @param {string} text */
const isChain = (text) => /^(?:this|[\p{ID_Start}$_][\p{ID_Continue}$]*)(?:\s*\??\.\s*[\p{ID_Continue}$#]+|\([^]*\)|\[[^]*\])*$/u.test(text) && !/^(?:await|function|async|new|class)\b/.test(text);

module.exports = {
  matching,
  skip,
  skipBack,
  /** @param {string} text @param {number} at */
  isArgument: (text, at) => new Place(text, at).isArgument(),
  /** The operand that begins at a place, as V8 prints it. @param {string} text @param {number} at */
  operandAt: (text, at) => new Place(text, at).operand(),
  /** The place after a source. @param {string} source */
  end: (source) => new Place(source, source.length),
  /**
   * @param {string} source
   * @param {number} line from 1
   * @param {number} column from 1
   * @returns {Place | undefined}
   */
  at(source, line, column) {
    let start = 0;
    for (let left = line - 1; left > 0; left -= 1) {
      start = source.indexOf('\n', start) + 1;
      if (start === 0) return undefined;
    }
    const at = start + column - 1;
    return at <= source.length ? new Place(source, at) : undefined;
  },
};
