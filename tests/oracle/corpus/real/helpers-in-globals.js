/* oracle { "listen": "prerequest" } */
pm.globals.set('loadUtils', function loadUtils () {
    const utils = {};
    utils.isOk = (response) => response.code >= 200 && response.code < 300;
    return utils;
} + '; loadUtils();');
//---
/* oracle { "context": { "globals": [ { "key": "loadUtils", "value": "function loadUtils () { return { isOk: (response) => response.code < 300 }; }; loadUtils();" } ] } } */
const utils = eval(pm.globals.get('loadUtils'));
pm.test('ok', () => pm.expect(utils.isOk(pm.response)).to.be.true);
