pm.visualizer.set('x', null, { a: 1 });
console.log(typeof pm.visualizer.clear);
