pm.visualizer.set('x', { a: 1 });
pm.visualizer.clear();
console.log('cleared');
