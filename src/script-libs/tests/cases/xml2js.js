const { parseString, parseStringPromise, Builder } = require("xml2js");
let result;
parseString("<a k='1'><b>x</b><b>y &lt;</b></a>", { explicitArray: false, async: false }, (_, parsed) => (result = parsed));
equal(result, { a: { $: { k: "1" }, b: ["x", "y <"] } });
equal(await parseStringPromise("<r><n>1</n></r>", { explicitArray: false, async: true }), { r: { n: "1" } });
let failure;
parseString("<a><b></a>", (error) => (failure = error));
equal(/Unexpected close tag/.test(failure), true, String(failure));
equal(new Builder({ headless: true, renderOpts: { pretty: false } }).buildObject({ a: { b: 1 } }), "<a><b>1</b></a>");
