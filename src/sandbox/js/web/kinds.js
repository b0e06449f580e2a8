'use strict';

/**
 * What a value truly is, whatever its constructor, tag or prototype claim. Taken from intrinsics before any script
 * runs, so that a script that replaces them changes nothing here.
 */

const getter = (prototype, name) => /** @type {PropertyDescriptor} */ (Object.getOwnPropertyDescriptor(prototype, name)).get;
const call = Function.prototype.call;
const uncurry = (method) => call.bind(method);

/** @param {(value: any) => unknown} probe throws for every other kind */
const succeeds = (probe) => (value) => {
  try {
    probe(value);
    return true;
  } catch {
    return false;
  }
};

const typedArrayTag = uncurry(getter(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag));
const tagOf = uncurry(Object.prototype.toString);
const weakMapHas = uncurry(WeakMap.prototype.has);
const weakSetHas = uncurry(WeakSet.prototype.has);

const mapSize = uncurry(getter(Map.prototype, 'size'));
const setSize = uncurry(getter(Set.prototype, 'size'));
const isMap = succeeds(mapSize);
const isSet = succeeds(setSize);
const isArrayBuffer = succeeds(uncurry(getter(ArrayBuffer.prototype, 'byteLength')));
const isSharedArrayBuffer =
    typeof SharedArrayBuffer === 'function'
        ? succeeds(uncurry(getter(SharedArrayBuffer.prototype, 'byteLength')))
        : () => false;
const isDataView = succeeds(uncurry(getter(DataView.prototype, 'byteOffset')));
const isDate = succeeds(uncurry(Date.prototype.getTime));
/** `source` answers for the prototype too, which is no expression. */
const regExpSource = uncurry(getter(RegExp.prototype, 'source'));
const isRegExp = succeeds((value) => {
  if (value === RegExp.prototype) throw value;
  return regExpSource(value);
});

/** Promises carry no probe that leaves no trace, so their class answers. */
const isPromise = (value) => value instanceof Promise;
const isWeakMap = succeeds((value) => weakMapHas(value, {}));
const isWeakSet = succeeds((value) => weakSetHas(value, {}));

/** @returns {string | undefined} the name of the typed array class */
const typedArrayName = (value) => (ArrayBuffer.isView(value) ? typedArrayTag(value) : undefined);

const BOXES = {
  Number: uncurry(Number.prototype.valueOf),
  String: uncurry(String.prototype.valueOf),
  Boolean: uncurry(Boolean.prototype.valueOf),
  BigInt: uncurry(BigInt.prototype.valueOf),
  Symbol: uncurry(Symbol.prototype.valueOf),
};

/** @returns {[string, unknown] | undefined} class and value of `new Number(1)` and its kin */
function boxed(value) {
  for (const name in BOXES) {
    try {
      return [name, BOXES[name](value)];
    } catch {
            // Another kind.
    }
  }
  return undefined;
}

/** `Error.isError` where the engine has it; a script may have hidden the class under another tag. */
const isError =
    typeof Error.isError === 'function'
        ? Error.isError
        : (value) => value instanceof Error || tagOf(value) === '[object Error]';

const isArguments = (value) => !(Symbol.toStringTag in value) && tagOf(value) === '[object Arguments]';

module.exports = {
  boxed,
  isArguments,
  isArrayBuffer,
  isDataView,
  isDate,
  isError,
  isMap,
  isPromise,
  isRegExp,
  isSet,
  isSharedArrayBuffer,
  isWeakMap,
  isWeakSet,
  mapSize,
  setSize,
  typedArrayName,
};
