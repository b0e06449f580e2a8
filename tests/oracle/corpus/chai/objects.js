const body = pm.response.json();

pm.test('property', () => pm.expect(body).to.have.property('name', 'Tom'));
pm.test('no property', () => pm.expect(body).to.have.property('age'));
pm.test('nested', () => pm.expect(body).to.have.nested.property('owner.name', 'Bob'));
pm.test('own', () => pm.expect(body).to.have.own.property('toString'));
pm.test('keys', () => pm.expect(body.owner).to.have.all.keys('name', 'email'));
pm.test('any keys', () => pm.expect(body).to.have.any.keys('a', 'b'));
pm.test('include', () => pm.expect(body).to.include({ id: 8 }));
pm.test('deep include', () => pm.expect(body).to.deep.include({ tags: ['dog'] }));
pm.test('jsonBody name', () => pm.expect(body).to.be.an('object').that.includes.keys('id'));
