pm.test('chain', () => {
    pm.response.to.have.status(200).and.to.have.header('Content-Type');
    pm.expect(pm.response).to.have.property('code', 200);
    pm.expect(pm.response).to.include({ code: 200 });
});
pm.test('and fails', () => pm.response.to.have.status(200).and.to.be.error);
