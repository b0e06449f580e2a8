const o = { a: { b: null }, n: 5, f() { return undefined; }, arr: [1, { x: null }], g: { h: {} } };
let u;
const body = pm.response.json();
function say(e) { console.log(e.name, e.message); }
try { const { x } = u; } catch (e) { say(e); }
try { const { x } = null; } catch (e) { say(e); }
try { const { x, y } = o.zz; } catch (e) { say(e); }
try { const { x: { y } } = {}; } catch (e) { say(e); }
try { const { a, ...rest } = null; } catch (e) { say(e); }
try { const { data: { id } } = pm.response.json(); } catch (e) { say(e); }
try { const [{ id }] = body.nope || []; } catch (e) { say(e); }
try { const [a] = u; } catch (e) { say(e); }
try { const [a] = {}; } catch (e) { say(e); }
try { const [a] = 5; } catch (e) { say(e); }
try { const [a] = null; } catch (e) { say(e); }
try { const [a, b] = o.zz; } catch (e) { say(e); }
try { const [a] = o.g; } catch (e) { say(e); }
try { const [first] = pm.response.json(); } catch (e) { say(e); }
try { for (const x of 5) say(x); } catch (e) { say(e); }
try { for (const x of {}) say(x); } catch (e) { say(e); }
try { for (const x of o.f()) say(x); } catch (e) { say(e); }
try { for (const x of pm.response.json()) say(x); } catch (e) { say(e); }
try { for (const x of pm.response.json().owner) say(x); } catch (e) { say(e); }
try { for (let x of pm.response.json().nope) say(x); } catch (e) { say(e); }
try { for (const [k, v] of [1]) say(k); } catch (e) { say(e); }
try { [...5]; } catch (e) { say(e); }
try { [...o.zz]; } catch (e) { say(e); }
try { Math.max(...u); } catch (e) { say(e); }
try { Math.max(1, ...o.n); } catch (e) { say(e); }
try { [u].map(({ id }) => id); } catch (e) { say(e); }
try { [u].map(([id]) => id); } catch (e) { say(e); }
try { o.arr.map(({ x: { y } }) => y); } catch (e) { say(e); }
try { [[]].forEach(([{ x }]) => x); } catch (e) { say(e); }
try { (({ x }) => x)(); } catch (e) { say(e); }
try { new Set(5); } catch (e) { say(e); }
try { new Map(o); } catch (e) { say(e); }
try { Object.fromEntries(u); } catch (e) { say(e); }
try { [1].map(); } catch (e) { say(e); }
try { u(); } catch (e) { say(e); }
try { class B extends o.zz {} } catch (e) { say(e); }
try { new (class C extends Map { constructor() { this.x = 1; } })(); } catch (e) { say(e); }
try { new (class D { #p; m() { return this.#p; } })().m.call({}); } catch (e) { say(e); }
const fixed = 1;
try { o.n; fixed = 2; } catch (e) { say(e); }
try { Object.freeze([2, 1]).reverse(); } catch (e) { say(e); }
try { for (const name of body.tags) { const { id } = name.nope; } } catch (e) { say(e); }
try { const all = [...body.tags, ...body.owner]; } catch (e) { say(e); }
try { Object.entries({ a: undefined }).map(([k, { v }]) => v); } catch (e) { say(e); }
try { for (const entry of Object.entries({ a: 1 })) { const [k, [v]] = [entry, u]; } } catch (e) { say(e); }
try { const { data } = await Promise.resolve(); } catch (e) { say(e); }
