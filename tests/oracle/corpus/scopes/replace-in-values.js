pm.environment.set('n', 12.5);
pm.environment.set('yes', true);
pm.environment.set('obj', { a: 1 });
pm.environment.set('arr', [1, 2]);
pm.environment.set('nul', null);
console.log(pm.environment.replaceIn('{{n}} {{yes}} {{obj}} {{arr}} {{nul}}'));
