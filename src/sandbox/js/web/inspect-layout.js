'use strict';

/**
 * Text layout for `inspect`: quoting, and how the entries of a value share lines, as Node prints them.
 *
 * @typedef {{depth: number, breakLength: number, compact: number, maxArrayLength: number, maxStringLength: number,
 *   showHidden: boolean, indentation: number, currentDepth: number, seen: object[], circular?: Map<object, number>}} Context
 */

const ESCAPES = { 8: '\\b', 9: '\\t', 10: '\\n', 12: '\\f', 13: '\\r', 39: "\\'", 92: '\\\\' };
const ESCAPED = /[\x00-\x1f\x5c\x7f-\x9f]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
const ESCAPED_OR_QUOTE = /[\x00-\x1f'\x5c\x7f-\x9f]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
const NEEDS_CARE = /[\x00-\x1f'\x5c\x7f-\x9f\ud800-\udfff]/;

/** Below this many characters a text is never split over lines. */
const SHORTEST_SPLIT = 16;

/** Room a bracketed line keeps free: the braces and what stands around them. */
const LINE_RESERVE = 10;

/** @param {string} char one UTF-16 unit */
function escapeUnit(char) {
  const code = char.charCodeAt(0);
  if (ESCAPES[code]) return ESCAPES[code];
  return code < 256 ? `\\x${code.toString(16).toUpperCase().padStart(2, '0')}` : `\\u${code.toString(16)}`;
}

/** Quotes like Node: single quotes unless the text holds them and another kind does not. @param {string} text */
function quote(text) {
  if (!NEEDS_CARE.test(text)) return `'${text}'`;
  let mark = "'";
  if (text.includes("'")) {
    if (!text.includes('"')) mark = '"';
    else if (!text.includes('`') && !text.includes('${')) mark = '`';
  }
  return mark + text.replace(mark === "'" ? ESCAPED_OR_QUOTE : ESCAPED, escapeUnit) + mark;
}

/** @param {Context} context @param {string} text */
function quoteLong(context, text) {
  let rest = '';
  if (text.length > context.maxStringLength) {
    const remaining = text.length - context.maxStringLength;
    text = text.slice(0, context.maxStringLength);
    rest = `... ${remaining} more character${remaining > 1 ? 's' : ''}`;
  }
  if (text.length > SHORTEST_SPLIT && text.length > context.breakLength - context.indentation - 4) {
    const lines = text.split(/(?<=\n)/).map(quote);
    return lines.join(` +\n${' '.repeat(context.indentation + 2)}`) + rest;
  }
  return quote(text) + rest;
}

/** Terminal columns of a text; the wide ranges are those of East Asian scripts and emoji. @param {string} text */
function width(text) {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let columns = 0;
  for (const char of text.normalize('NFC')) {
    if (/[\p{Mn}\p{Me}\p{Cf}\p{Cc}]/u.test(char)) continue;
    columns += /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}|[\u{20000}-\u{3fffd}]/u.test(char) ? 2 : 1;
  }
  return columns;
}

/** How many columns entries of these widths make. @param {Context} context */
function columnsFor(context, entries, widths) {
  const total = widths.reduce((sum, one) => sum + one + 2, 0);
  const widest = Math.max(...widths);
  const cell = widest + 2;
  if (cell * 3 + context.indentation >= context.breakLength) return 1;
  if (total / cell <= 5 && widest > 6) return 1;
    // Close to a square, letters being two and a half times as high as wide.
  const biased = Math.max(cell - 3 - Math.sqrt(cell - total / entries.length), 1);
  return Math.min(
    Math.round(Math.sqrt(2.5 * biased * widths.length) / biased),
    Math.floor((context.breakLength - context.indentation) / cell),
    context.compact * 4,
    15,
  );
}

/**
 * Puts the entries of an array under one another in columns; entries that do not suit columns come back as they are.
 *
 * @param {Context} context
 * @param {string[]} entries
 * @param {ArrayLike<unknown> | undefined} value what the entries print; numbers align to the right
 */
function inColumns(context, entries, value) {
    // "... n more items" stands apart.
  const length = context.maxArrayLength < entries.length ? entries.length - 1 : entries.length;
  const widths = entries.slice(0, length).map(width);
  const columns = columnsFor(context, entries, widths);
  if (columns <= 1) return entries;
  const cells = [];
  for (let column = 0; column < columns; column++) {
    let widest = 0;
    for (let at = column; at < length; at += columns) widest = Math.max(widest, widths[at]);
    cells.push(widest + 2);
  }
  const numeric = (one) => typeof one === 'number' || typeof one === 'bigint';
  const toRight = value === undefined || entries.every((_, at) => numeric(value[at]));
  const lines = [];
  for (let start = 0; start < length; start += columns) {
    const end = Math.min(start + columns, length);
    let line = '';
    for (let at = start; at < end; at++) {
      const last = at === end - 1;
      const text = last ? entries[at] : `${entries[at]}, `;
      const room = cells[at - start] + entries[at].length - widths[at] - (last ? 2 : 0);
      if (toRight) line += text.padStart(room);
      else line += last ? text : text.padEnd(room);
    }
    lines.push(line);
  }
  return length < entries.length ? [...lines, entries[length]] : lines;
}

function fitsOneLine(context, entries, base, brace) {
  let length = entries.length * 2 + context.indentation + brace.length + base.length + LINE_RESERVE;
  if (length + entries.length > context.breakLength) return false;
  for (const entry of entries) length += entry.length;
  return length <= context.breakLength && !base.includes('\n');
}

/**
 * Joins what stands before the braces, the braces and the entries, on one line if they fit.
 *
 * @param {Context} context
 * @param {{base: string, braces: [string, string], entries: string[], list: boolean, depth: number, value?: any}} parts
 */
function layOut(context, { base, braces, entries, list, depth, value }) {
  const before = base ? `${base} ` : '';
  if (context.compact >= 1) {
    const grouped = list && entries.length > 6 ? inColumns(context, entries, value) : entries;
    const untouched = grouped.length === entries.length;
    entries = grouped;
    if (context.currentDepth - depth < context.compact && untouched && fitsOneLine(context, entries, base, braces[0])) {
      const joined = entries.join(', ');
      if (!joined.includes('\n')) return `${before}${braces[0]} ${joined} ${braces[1]}`;
    }
  }
  const indentation = `\n${' '.repeat(context.indentation)}`;
  return `${before}${braces[0]}${indentation}  ${entries.join(`,${indentation}  `)}${indentation}${braces[1]}`;
}

const moreItems = (count) => `... ${count} more item${count > 1 ? 's' : ''}`;

module.exports = { escapeUnit, ESCAPED_OR_QUOTE, layOut, moreItems, quote, quoteLong };
