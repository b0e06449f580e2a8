const value = await new Promise((resolve) => setTimeout(() => resolve(5), 5));
pm.test('awaited', () => pm.expect(value).to.equal(5));
