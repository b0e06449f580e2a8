console.log('x'.repeat(20000).length, ['y'.repeat(50)]);
