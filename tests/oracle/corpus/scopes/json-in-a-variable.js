const body = pm.response.json();
pm.environment.set('owner', JSON.stringify(body.owner));
const owner = JSON.parse(pm.environment.get('owner'));
pm.test('parsed back', () => pm.expect(owner).to.deep.equal(body.owner));
