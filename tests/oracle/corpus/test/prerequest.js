/* oracle { "listen": "prerequest" } */
pm.test('in prerequest', () => pm.expect(pm.request.method).to.equal('POST'));
