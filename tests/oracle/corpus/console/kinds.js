class Foo { constructor() { this.a = 1; } get g() { return 1; } }
class Bar extends Foo {}
const circ = { n: 1 }; circ.self = circ; circ.list = [circ];
const err = new Error('outer', { cause: new TypeError('inner') });
const values = [new Map([['a', { b: 1 }], [1, [2]]]), new Set([1, 'x', [2]]), circ, new Foo(), new Bar(), Symbol('s'), Symbol.iterator, 10n, -0, 0, NaN, -Infinity, new Date(0), new Date(NaN), /a+/gi, err, new RangeError('r'), Object.assign(new Error('p'), { code: 5 }), new Uint8Array([1, 2]), new Float64Array([1.5]), new ArrayBuffer(4), new DataView(new ArrayBuffer(2)), Buffer.from('hi'), () => 1, function named() {}, class X {}, async () => {}, function* gen() {}, Promise.resolve(1), new WeakMap(), new Proxy({ a: 1 }, {}), Object.create(null), Object.create({ inherited: 1 }), [1, , 3], [undefined, null], { u: undefined, f() {}, s: Symbol('q') }, { [Symbol('k')]: 1 }, new String('boxed'), new Number(5), new Boolean(false), Object(1n), arguments.length, JSON, Math, Object(Symbol('b')), new AggregateError([new Error('1'), 2], 'agg'), { toJSON() { return 'J'; } }, new (class { toJSON() { return { j: 1 }; } })(), { get x() { return 5; } }, { get x() { throw new Error('no'); } }, [[[[[[[1]]]]]]], 'multi\nline', '', 'ünï', '\u0000', '😀', new Array(5), Object.freeze([1]), { a: { b: { c: { d: { e: 1 } } } } }, new URL('http://a/b?c'), new URLSearchParams('a=b&c=d'), new Blob(['x']), new AbortController().signal.aborted, new Intl.NumberFormat(), structuredClone(new Map([[1, 2]])), pm.request.url, pm.response.headers.idx(0), pm.environment.values.idx(0), pm.info, globalThisLike()];
function globalThisLike() { return typeof this; }
for (const v of values) console.log(v);
console.log('%s is %d and %i %f %j %o %O %c %%', 'a', 5.5, 5.5, '1.5', { a: 1 }, [1], { b: 2 }, 'css', 'extra', 1);
console.log('%s', Symbol('x'), '%s', 1n); console.log('100%', 5); console.log(); console.log(undefined); console.log(null, null); console.error(err); console.warn([err]); console.info({ e: err }); console.debug(new Map([[{ k: 1 }, new Set([err])]]));
console.log([new Date(0)], { d: new Date(0), r: /x/, b: 1n, s: Symbol('x'), u: undefined, n: null, nan: NaN, neg: -0, f: () => 1 });
console.log(new Map([['m', new Map([['n', new Date(0)]])]]), new Set([new Set([1n])]));
console.log([1n, -0, undefined, NaN, Symbol('z'), () => {}]);
