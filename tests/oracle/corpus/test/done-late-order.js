pm.test('slow', (done) => setTimeout(done, 30));
pm.test('fast', (done) => setTimeout(done, 5));
pm.test('now', () => {});
