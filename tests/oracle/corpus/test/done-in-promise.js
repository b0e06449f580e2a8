pm.test('promise', (done) => {
    Promise.resolve(5).then((n) => { pm.expect(n).to.equal(5); done(); }).catch(done);
});
pm.test('failing promise', (done) => {
    Promise.reject(new Error('down')).catch(done);
});
