/* oracle { "context": { "request": { "url": "https://a.example.com", "method": "POST", "body": { "mode": "urlencoded", "urlencoded": [ { "key": "a", "value": "1 2" }, { "key": "b", "value": "x&y" }, { "key": "off", "value": "z", "disabled": true } ] } } } } */
const form = pm.request.body.urlencoded;
console.log(pm.request.body.mode, form.get('a'), form.has('b'), form.toObject(), form.count());
console.log(pm.request.body.toString(), form.map((param) => `${param.key}:${param.value}`));
