pm.environment.set('inner', 'deep');
pm.environment.set('outer', '<{{inner}}>');
pm.environment.set('name', 'inner');
console.log(pm.variables.replaceIn('{{outer}} {{{{name}}}} {{ inner }} {{}} {{inner'));
