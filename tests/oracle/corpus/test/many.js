for (let i = 0; i < 50; i += 1) { pm.test(`n${i}`, () => pm.expect(i % 7).to.not.equal(0)); }
