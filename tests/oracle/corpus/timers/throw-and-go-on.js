setTimeout(() => { throw new TypeError('first'); }, 1);
setTimeout(() => pm.test('second still runs', () => {}), 10);
