const pattern = {
    guid: /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    timestamp: /^\d{10}$/,
    isoTimestamp: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
    randomInt: /^\d{1,4}$/,
    randomUUID: /^[0-9a-f-]{36}$/,
    randomAlphaNumeric: /^[0-9a-z]$/,
    randomBoolean: /^(true|false)$/,
    randomFirstName: /^[A-Z]/,
    randomEmail: /^[^@\s]+@[^@\s]+$/,
    randomIP: /^\d+\.\d+\.\d+\.\d+$/,
    randomHexColor: /^#[0-9a-f]{6}$/,
    randomCountryCode: /^[A-Z]{2}$/,
    randomPrice: /^\d+\.\d\d$/,
    randomUrl: /^https?:\/\//
};

Object.keys(pattern).forEach((name) => {
    pm.test(`$${name}`, () => {
        pm.expect(pm.variables.replaceIn(`{{$${name}}}`)).to.match(pattern[name]);
    });
});
