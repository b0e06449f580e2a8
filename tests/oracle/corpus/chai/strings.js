pm.test('include', () => pm.expect('hello world').to.include('moon'));
pm.test('contains', () => pm.expect('hello').to.contain('ell'));
pm.test('match', () => pm.expect('hello').to.match(/^h.*x$/));
pm.test('string', () => pm.expect('hello').to.have.string('bye'));
pm.test('length', () => pm.expect('hello').to.have.lengthOf(4));
pm.test('lengthOf above', () => pm.expect('hello').to.have.lengthOf.above(9));
pm.test('empty', () => pm.expect('x').to.be.empty);
pm.test('long', () => pm.expect('a'.repeat(200)).to.equal('b'.repeat(100)));
