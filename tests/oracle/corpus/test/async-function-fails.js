pm.test('async fails', async () => {
    await Promise.resolve();
    pm.expect(1).to.equal(2);
});
