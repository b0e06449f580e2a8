/* oracle { "response": { "header": [ { "key": "Set-Cookie", "value": "a=1" }, { "key": "Set-Cookie", "value": "b=2" }, { "key": "set-cookie", "value": "c=3" } ] } } */
console.log(pm.response.headers.get('Set-Cookie'), pm.response.headers.toObject(), pm.response.headers.filter((header) => header.key.toLowerCase() === 'set-cookie').length);
console.log(pm.response.headers.toObject(false, false, true));
