/* oracle { "response": { "body": { "data": null, "errors": [ { "message": "not found", "path": [ "pet" ] } ] } } } */
const { errors } = pm.response.json();

pm.test('no GraphQL errors', () => pm.expect(errors, JSON.stringify(errors)).to.be.undefined);
