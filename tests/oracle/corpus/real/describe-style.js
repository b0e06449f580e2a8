const it = (name, fn) => pm.test(`pets: ${name}`, fn);
const { expect } = pm;

it('has a name', () => expect(pm.response.json().name).to.be.a('string'));
it('has no colour', () => expect(pm.response.json()).to.not.have.property('colour'));
it('is sold', () => expect(pm.response.json().sold).to.be.true);
