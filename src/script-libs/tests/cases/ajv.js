const Ajv = require("ajv");
const ajv = new Ajv({ allErrors: true, logger: false });
const validate = ajv.compile({
    type: "object",
    required: ["id"],
    properties: { id: { type: "integer", minimum: 1 }, mail: { type: "string", format: "email" } },
});
equal(validate({ id: 1, mail: "a@b.co" }), true);
equal(validate({ id: 0, mail: "x" }), false);
equal(ajv.errorsText(validate.errors), 'data.id should be >= 1, data.mail should match format "email"');
ajv.addKeyword("even", { validate: (on, data) => !on || data % 2 === 0 });
equal([ajv.validate({ even: true }, 2), ajv.validate({ even: true }, 3)], [true, false]);
