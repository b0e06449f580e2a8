const { Response } = require('postman-collection');
for (const t of ['', ' ', '{', '}', '[1,', '{"a"', '{"a":}', "{'a':1}", 'nul', 'undefined', '<html>', '{"a":1}x', '"abc', '01', '1.', '-', '{"a":1,}', '[1,]', '\u0001', '"\\x"', '"a\nb"', '{"a":\n\n  oops}', 'x'.repeat(100), '{"key": "' + 'v'.repeat(80) + '", bad}', '\ufeff{"a":1}', 'null', '5', 'true', '{"a":1}\n\n{"b":2}', '{a:1}', '{"__proto__": 1}', '{"a":NaN}', '[', '"\\u12"', 'tru', '{"a":1 "b":2}', '[1 2]', '{"constructor":{"prototype":1}}']) {
  for (const f of [() => new Response({ body: t }).json(), () => JSON.parse(t), () => new Response({ body: t }).json(null, true)]) { try { console.log(JSON.stringify(t), f()); } catch (e) { console.log(JSON.stringify(t), e.name, e.message, Object.keys(e)); } }
}
