pm.test('rejects', () => Promise.reject(new Error('late')));
pm.test('resolves', () => Promise.resolve(1));
