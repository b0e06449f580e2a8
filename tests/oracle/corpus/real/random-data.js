/* oracle { "listen": "prerequest" } */
const sku = _.random(1, 1) + '-' + _.padLeft('7', 3, '0');
const words = ['red', 'green'];

pm.variables.set('sku', sku);
pm.variables.set('colour', words[Math.floor(Math.random() * 0)]);
console.log(sku, pm.variables.get('colour'), pm.variables.replaceIn('{{$randomInt}}').length > 0);
