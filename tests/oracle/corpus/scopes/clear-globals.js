pm.globals.set('more', '1');
pm.globals.clear();
console.log(pm.globals.has('onlyGlobal'), pm.globals.toObject());
