/* oracle { "listen": "prerequest" } */
const body = JSON.parse(pm.variables.replaceIn(pm.request.body.raw.replace('Rex', '{{user}}')));

body.at = '2020-01-01';
pm.request.body.update({ mode: 'raw', raw: JSON.stringify(body), options: { raw: { language: 'json' } } });
console.log(pm.request.body.raw);
