pm.test('no function');
