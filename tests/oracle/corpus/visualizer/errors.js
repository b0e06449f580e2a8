[[5], [], ['x', 5], ['x', {}, 'o'], [null]].forEach((args) => {
    try { pm.visualizer.set(...args); }
    catch (error) { console.log(error.name, error.message); }
});
