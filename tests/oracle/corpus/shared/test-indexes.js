pm.test('a', () => {});
//---
pm.test('b', () => {});
