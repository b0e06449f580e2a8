const tv4 = require("tv4");
const schema = { type: "object", properties: { n: { type: "number" } }, required: ["n"] };
equal(tv4.validate({ n: 1 }, schema), true);
equal(tv4.validate({ n: "1" }, schema), false);
equal(tv4.error.message, "Invalid type: string (expected number)");
equal([tv4.error.code, tv4.error.dataPath], [tv4.errorCodes.INVALID_TYPE, "/n"]);
equal(tv4.validateMultiple({}, schema).errors[0].message, "Missing required property: n");
