/* oracle { "context": { "request": { "url": "https://a.example.com", "method": "POST", "body": { "mode": "formdata", "formdata": [ { "key": "a", "value": "1", "type": "text" }, { "key": "file", "src": "/tmp/x.txt", "type": "file" } ] } } } } */
const form = pm.request.body.formdata;
console.log(form.count(), form.get('a'), form.one('file').type, form.one('file').src, form.toObject());
console.log(pm.request.body.isEmpty(), String(pm.request.body));
form.add({ key: 'b', value: '2' });
console.log(form.map((param) => param.key));
