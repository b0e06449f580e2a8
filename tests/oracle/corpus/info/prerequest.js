/* oracle { "listen": "prerequest" } */
pm.test(`${pm.info.eventName} of ${pm.info.requestName}`, () => {
    pm.expect(pm.info.eventName).to.equal('prerequest');
    pm.expect(pm.info.requestId).to.equal('item-1');
    pm.expect(pm.response).to.be.undefined;
});
