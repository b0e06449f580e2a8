const original = { date: new Date(0), map: new Map([['a', { b: 1 }]]), set: new Set([1]), list: [1, , 3], re: /x/g, nested: {} };
original.nested.self = original;
const copy = structuredClone(original);
console.log(copy !== original, copy.date instanceof Date, copy.map.get('a'), copy.nested.self === copy, copy.set.has(1), copy.re.flags);
try { structuredClone({ f () {} }); }
catch (error) { console.log(error.name); }
