const { camelCase, debounce, isEqual, range, zipObject, flow, differenceBy, cloneDeep } = require('lodash');

console.log(camelCase('foo-bar'), typeof debounce, isEqual([1, { a: 2 }], [1, { a: 2 }]), range(3), zipObject(['a'], [1]), flow([(n) => n + 1, (n) => n * 2])(1), differenceBy([1.5, 2], [1.1], Math.floor), cloneDeep({ d: new Date(0), r: /x/g }));
