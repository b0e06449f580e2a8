pm.test('done', (done) => setTimeout(done, 5));
pm.test('done with error', (done) => setTimeout(() => done(new Error('async bad')), 5));
pm.test('done at once', (done) => done());
pm.test('done with text', (done) => done('text'));
console.log('end of script');
