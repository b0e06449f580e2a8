// @ts-check
/** What V8 says of a value that cannot become JSON because it holds itself. */
'use strict';

/** @param {any} object */
const madeBy = (object) => `object with constructor '${object?.constructor?.name ?? 'Object'}'`;

/** @param {any} holder @param {string} key */
const step = (holder, key) => (Array.isArray(holder) ? `index ${key}` : `property '${key}'`);

/**
 * The first way from a value to an object it is already in.
 * @param {any} value
 * @param {{object: any, by: string}[]} path
 * @returns {{object: any, by: string}[] | undefined} the circle: its first object, each with how the next is reached
 */
function circle(value, path) {
  if (typeof value !== 'object' || value === null) return undefined;
  const start = path.findIndex(({ object }) => object === value);
  if (start !== -1) return path.slice(start);
  for (const key of Object.keys(value)) {
    const found = circle(value[key], [...path, { object: value, by: step(value, key) }]);
    if (found) return found;
  }
  return undefined;
}

/** @param {any} value @returns {string | undefined} */
module.exports = function describeCircle(value) {
  const found = circle(value, []);
  if (!found) return undefined;
  const lines = [`--> starting at ${madeBy(found[0].object)}`];
  const between = found.slice(0, -1).map(({ by }, index) => `|     ${by} -> ${madeBy(found[index + 1].object)}`);
  if (between.length > 3) between.splice(2, between.length - 3, '|     ...');
  lines.push(...between, `--- ${found[found.length - 1].by} closes the circle`);
  return ['Converting circular structure to JSON', ...lines.map((line) => `    ${line}`)].join('\n');
};
