console.log(pm.info.eventName, pm.info.iteration, pm.info.iterationCount, pm.info.requestName, pm.info.requestId);
pm.test('info', () => {
    pm.expect(pm.info.eventName).to.equal('test');
    pm.expect(pm.info.iteration).to.equal(1);
    pm.expect(pm.info.iterationCount).to.be.a('number').and.equal(3);
});
