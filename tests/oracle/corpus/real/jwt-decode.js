/* oracle { "response": { "body": { "access_token": "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiI0MiIsIm5hbWUiOiJBbm4gw4QiLCJleHAiOjE3MDAwMDAwMDB9.c2ln" } } } */
const [head, payload] = pm.response.json().access_token.split('.');
const decode = (part) => JSON.parse(decodeURIComponent(escape(atob(part.replace(/-/g, '+').replace(/_/g, '/')))));
const claims = decode(payload);

pm.environment.set('userId', claims.sub);
pm.test('algorithm', () => pm.expect(decode(head).alg).to.equal('HS256'));
pm.test('not expired', () => pm.expect(claims.exp).to.be.above(1800000000));
console.log(claims);
