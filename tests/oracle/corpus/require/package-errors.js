/* oracle {"options": {"resolvedPackages": {
  "@t/syntax": {"data": "const a = 1;\nsyntax error here"},
  "@t/throws": {"data": "const o = {};\n\nmodule.exports = o.missing.deep"},
  "@t/calls": {"data": "module.exports = { call: (o) => o.nope(), take: (o) => { const { x } = o.zz; return x; } }"}
}}} */
const say = (call) => { try { call(); } catch (error) { console.log(error.name, error.message); } };
say(() => pm.require('@t/syntax'));
say(() => pm.require('@t/throws'));
say(() => pm.require('@t/calls').call({}));
say(() => pm.require('@t/calls').take({}));
say(() => pm.response.json().owner.nope());
