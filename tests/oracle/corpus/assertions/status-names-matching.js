const { Response } = require('postman-collection');
const codes = { ok: 200, accepted: 202, badRequest: 400, unauthorized: 401, unauthorised: 401, forbidden: 403, notFound: 404, notAcceptable: 406, rateLimited: 429, withoutContent: 204 };

Object.keys(codes).forEach((name) => {
    pm.test(name, () => pm.expect(new Response({ code: codes[name] })).to.be[name]);
    pm.test(`${name} by another reason`, () => pm.expect(new Response({ code: codes[name], status: 'Odd' })).to.be[name]);
});
