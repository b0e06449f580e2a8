require('chai').use((chai) => {
    chai.Assertion.addMethod('even', function () {
        this.assert(this._obj % 2 === 0, 'expected #{this} to be even', 'expected #{this} to be odd');
    });
});
pm.test('even', () => pm.expect(3).to.be.even());
pm.test('odd', () => pm.expect(2).to.not.be.even());
