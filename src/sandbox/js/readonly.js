'use strict';
/** Properties a script can read but neither replace nor list, as those of `pm` are. */

/** Defines the properties that have a value. */
function assignReadonly(target, properties) {
  for (const key of Object.keys(properties)) {
    if (properties[key] !== undefined) Object.defineProperty(target, key, { value: properties[key] });
  }
  return target;
}

/**
 * Defines a property built on first use: a script pays for what it touches.
 * Without a setter an assignment is ignored in sloppy code, as it is for a read-only property.
 */
function lazyReadonly(target, key, build) {
  let built = false;
  let value;
  Object.defineProperty(target, key, {
    get() {
      if (!built) {
        value = build();
        built = true;
      }
      return value;
    },
  });
}

module.exports = { assignReadonly, lazyReadonly };
