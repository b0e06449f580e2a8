pm.test('status of an object', () => pm.expect({ code: 200 }).to.have.status(200));
pm.test('header of a string', () => pm.expect('x').to.have.header('a'));
pm.test('body of null', () => pm.expect(null).to.have.body('a'));
pm.test('json of a number', () => pm.expect(5).to.be.json);
pm.test('success of undefined', () => pm.expect(undefined).to.be.success);
