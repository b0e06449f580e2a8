pm.test('body', () => pm.response.to.have.body());
pm.test('body text', () => pm.response.to.have.body('nope'));
pm.test('body regex', () => pm.response.to.have.body(/Rex/));
pm.test('body other regex', () => pm.response.to.have.body(/Tom/i));
pm.test('body json', () => pm.response.to.have.body({ id: 7 }));
pm.test('body whole json', () => pm.response.to.have.body(pm.response.json()));
pm.test('not body', () => pm.response.to.not.have.body());
pm.test('not regex', () => pm.response.to.not.have.body(/Rex/));
