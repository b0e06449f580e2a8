// Names no assertion has: chai says which one may have been meant.
const said = (name, act) => { try { act(); console.log(name, 'nothing'); } catch (error) { console.log(name, error.name, error.message); } };
said('close', () => pm.expect(1).to.be.equall(1));
said('far', () => pm.expect(1).to.be.nothingLikeIt);
said('within a chain', () => pm.expect(1).to.not.bee.true);
said('on a method', () => pm.expect(1).to.equal.to);
said('length of a method', () => pm.expect(1).to.equal.length);
said('length of a chain', () => pm.expect('a').to.be.an.length(1));
said('after a chainable', () => pm.expect('a').to.include.keyz);
said('after a call', () => pm.expect('a').to.be.a('string').andd);
said('called', () => pm.expect(true).to.be.true());
said('of Object', () => console.log(typeof pm.expect(1).hasOwnProperty, pm.expect(1).toString()));
said('symbol', () => console.log(pm.expect(1)[Symbol('x')]));
said('excluded', () => console.log(pm.expect(1).then, pm.expect(1).inspect, pm.expect(1).toJSON));
said('index', () => pm.expect([1])[0]);
pm.test('is seen in a test', () => pm.expect(1).to.be.eqaul(1));
pm.test('is not seen where nothing asks', () => { 'x' in pm.expect(1); });
