/* oracle { "listen": "prerequest" } */
console.log(typeof pm.response, 'response' in pm);
pm.test('none', () => pm.response.to.have.status(200));
