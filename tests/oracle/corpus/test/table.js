const log = [];
const results = [pm.test('a', () => {}) === pm, typeof pm.test('b', () => { throw 1; }), pm.test.index(), pm.test.skip('sk', () => { throw 1; }) === pm, pm.test.index(), typeof pm.test.skip('sk2'), Object.keys(pm.test), pm.test.length];
console.log(results);
pm.test('outer', () => { pm.test('inner ok', () => {}); pm.test('inner bad', () => pm.expect(1).to.equal(2)); });
pm.test('outer done', (done) => { pm.test('inner', () => {}); setTimeout(() => { pm.test('late inner', () => {}); done(); }, 1); });
for (const v of ['text', 5, 0, '', null, undefined, false, true, {}, { message: 'm' }, { name: 'N', message: 'm' }, [], Symbol('s'), 5n, () => {}, new Map(), new Date(0), Object.create(null), new (class E { constructor() { this.message = 'cm'; } })()]) { if (typeof v !== 'symbol' && typeof v !== 'bigint' && typeof v !== 'function') pm.test('throws ' + typeof v + Object.prototype.toString.call(v), () => { throw v; }); }
for (const v of ['text', 5, { message: 'm' }, new Error('e'), null, 0, undefined, '']) pm.test('done with ' + String(v), (done) => done(v));
pm.test('returns', () => 5); pm.test('returns false', () => false); pm.test('arrow default', (done = 1) => {}); pm.test('rest', (...a) => { console.log(a.length); });
pm.test(5, () => {}); pm.test(null, () => {}); pm.test({ a: 1 }, () => {}); pm.test(['x', 'y'], () => {}); pm.test('', () => {}); pm.test('dup', () => {}); pm.test('dup', () => {});
pm.test('this', function () { console.log(this === undefined, typeof this); });
pm.test('error props', () => { const e = new Error('with props'); e.code = 'X'; e.extra = { a: 1 }; throw e; });
pm.test('custom', () => { class My extends Error { constructor(m) { super(m); this.name = 'My'; } } throw new My('mine'); });
pm.test('unnamed class', () => { throw new (class extends TypeError {})('anon'); });
pm.test('empty message', () => { throw new Error(); }); pm.test('cause', () => { throw new Error('c', { cause: new Error('d') }); }); pm.test('agg', () => { throw new AggregateError([new Error('x')], 'agg'); });
pm.test('dom', () => { throw new DOMException('d', 'AbortError'); });
try { pm.test(Symbol('s'), () => {}); } catch (e) { console.log(e.name, e.message); }
