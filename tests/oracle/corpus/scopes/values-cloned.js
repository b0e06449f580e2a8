pm.environment.set('map', new Map([['a', { b: 1 }]]));
pm.environment.set('set', new Set([1]));
pm.environment.set('error', new TypeError('x'));
pm.environment.set('function', function named() {});
pm.environment.set('undefined', undefined);
pm.environment.set('nested', { list: [{ deep: new Map([[1, 2]]) }] });
console.log(pm.environment.toJSON());
console.log(pm.environment.values.count(), pm.environment.toJSON());
console.log(pm.environment.values.toJSON().map(({ key, value }) => [key, value]), JSON.stringify(pm.iterationData.values), pm.iterationData);
