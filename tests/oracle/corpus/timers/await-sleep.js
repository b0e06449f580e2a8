const start = Date.now();
await new Promise((resolve) => setTimeout(resolve, 20));
pm.test('slept', () => pm.expect(Date.now() - start).to.be.at.least(18));
