pm.info.iteration = 99;
pm.info.requestName = 'other';
console.log(pm.info.iteration, pm.info.requestName);
console.log(Object.keys(pm.info).length, JSON.stringify(pm.info));
