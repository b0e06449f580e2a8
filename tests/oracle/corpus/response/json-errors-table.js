/* oracle { "response": { "body": "" } } */
const { Response } = require('postman-collection');
['', '{', '[1,2', '{"a"}', '{a:1}', "{'a':1}", '<html></html>', 'undefined', 'nul', '[1,]', '{"a":1}}', '"open', '01', '1.e', '\u0001', '{"a":"\\x"}', 'Not Found', '\n\n  oops', '{"a":1,"b":[1,2,{"c":x}]}'].forEach((text) => {
    try { console.log(new Response({ stream: Buffer.from(text) }).json()); }
    catch (error) { console.log(JSON.stringify(text), error.name, error.message); }
});
