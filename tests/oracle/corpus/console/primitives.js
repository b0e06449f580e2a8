console.log(1, -0, NaN, Infinity, -Infinity, true, null, undefined, 'text', 10n, Symbol('s'), Symbol.iterator);
