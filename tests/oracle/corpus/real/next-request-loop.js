/* oracle { "listen": "prerequest" } */
const ids = pm.environment.get('ids') ? JSON.parse(pm.environment.get('ids')) : ['1', '2'];
const current = ids.shift();

pm.environment.set('currentId', current);
pm.environment.set('ids', JSON.stringify(ids));
//---
/* oracle { "context": { "environment": [ { "key": "ids", "value": "[\"2\"]" } ] } } */
const ids = JSON.parse(pm.environment.get('ids'));

if (ids.length) { postman.setNextRequest(pm.info.requestName); }
else { postman.setNextRequest(null); }
