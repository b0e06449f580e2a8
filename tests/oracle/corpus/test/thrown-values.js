pm.test('string', () => { throw 'text'; });
pm.test('object', () => { throw { message: 'm', code: 5 }; });
pm.test('number', () => { throw 42; });
pm.test('null', () => { throw null; });
pm.test('undefined', () => { throw undefined; });
pm.test('array', () => { throw [1, 2]; });
