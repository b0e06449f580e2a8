const json = require("json");
equal(json.parse('\ufeff{"a":[1,true,null]}'), { a: [1, true, null] });
throws(() => json.parse("{a"), /SyntaxError|JSONError|Unexpected/);
equal(json.stringify({ a: 1 }), '{"a":1}');
