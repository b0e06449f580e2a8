console.log(pm.test.index());
pm.test('a', () => console.log(pm.test.index()));
pm.test('b', () => {});
console.log(pm.test.index());
//---
console.log(pm.test.index());
pm.test('first again', () => {});
