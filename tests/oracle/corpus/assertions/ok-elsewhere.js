pm.test('chai ok', () => pm.expect('x').to.be.ok);
pm.test('chai not ok', () => pm.expect('').to.be.ok);
pm.test('chai ok on an object', () => pm.expect({}).to.not.be.ok);
