throw new Error('first');
//---
pm.test('second runs', () => {});
