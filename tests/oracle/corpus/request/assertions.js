pm.test('request', () => {
    pm.request.to.be.postmanRequest;
    pm.request.to.have.header('Accept');
    pm.request.to.have.header('x-trace', 't-1');
    pm.request.to.have.body();
    pm.request.to.have.jsonBody('name', 'Rex');
});
pm.test('no such header', () => pm.request.to.have.header('X-Nope'));
pm.test('other body', () => pm.request.to.have.body('x'));
