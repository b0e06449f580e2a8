pm.test('throws before done', (done) => { throw new Error('sync'); });
pm.test('throws after done', (done) => { done(); throw new Error('after'); });
