pm.test('members', () => pm.expect([1, 2]).to.have.members([2, 3]));
pm.test('ordered', () => pm.expect([1, 2]).to.have.ordered.members([2, 1]));
pm.test('include', () => pm.expect([1, 2]).to.include(3));
pm.test('deep include', () => pm.expect([{ a: 1 }]).to.deep.include({ a: 2 }));
pm.test('lengthOf', () => pm.expect([1]).to.have.lengthOf(2));
pm.test('include members', () => pm.expect([1, 2, 3]).to.include.members([1, 4]));
pm.test('empty', () => pm.expect([1]).to.be.empty);
