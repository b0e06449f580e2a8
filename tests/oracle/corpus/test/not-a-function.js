pm.test('a string', 'x');
pm.test('an object', {});
pm.test('null', null);
