pm.test('async passes', async () => { await Promise.resolve(); });
