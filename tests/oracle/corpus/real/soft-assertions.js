const failures = [];
const soft = (check) => { try { check(); } catch (error) { failures.push(error.message); } };

soft(() => pm.expect(pm.response.code).to.equal(201));
soft(() => pm.expect(pm.response.json().id).to.be.a('string'));
soft(() => pm.expect(pm.response.json().name).to.equal('Rex'));
pm.test('all of them', () => pm.expect(failures, failures.join('; ')).to.be.empty);
