pm.globals.set('temp', 1);
pm.globals.unset('temp');
pm.globals.set('back', 1);
pm.globals.unset('back');
pm.globals.set('back', 2);
console.log(pm.globals.toObject());
