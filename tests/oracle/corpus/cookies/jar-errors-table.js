/* oracle { "jar_error": "CookieStore: programmatic access to \"x\" is denied" } */
const jar = pm.cookies.jar(), U = 'https://api.example.com/v1/x';
const cb = (f) => new Promise(go => f((...a) => go(a)));
const tries = [() => jar.get(U, 'a'), () => cb(f => jar.get(U, 'a', f)), () => jar.set(U, 'a', 'b'), () => cb(f => jar.set(U, 'a', 'b', f)), () => jar.getAll(U), () => jar.unset(U, 'a'), () => jar.clear(U), () => cb(f => jar.clear(U, f))];
for (const t of tries) { let out; try { out = await t(); } catch (e) { out = ["threw", e && e.name, e && e.message, typeof e]; } console.log(String(t).replace(/\s+/g, " "), "|", out); }
jar.get(U, 'a', () => { throw new Error('in callback'); });
