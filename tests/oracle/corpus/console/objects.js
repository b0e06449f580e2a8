console.log({ a: 1, b: { c: [1, { d: 2 }] }, e: undefined, f: NaN, g: null }, [], {}, [undefined, , 3]);
