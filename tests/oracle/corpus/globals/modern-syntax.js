const o = { a: { b: null } };
const { a: { b = 1 }, ...rest } = { a: {}, c: 2, d: 3 };
class P { #x = 1; static s = 2; get x () { return this.#x; } static { this.t = 3; } }

console.log(o?.a?.b ?? 'none', o?.z?.y, b, rest, new P().x, P.s, P.t, 1_000, 2 ** 10, 10n ** 20n);
console.log([1, [2, [3]]].flat(2), Object.fromEntries([['a', 1]]), 'a-b'.replaceAll('-', '+'), [1, 2, 3].at(-1));
for (const [key, value] of Object.entries({ x: 1 })) { console.log(key, value); }
