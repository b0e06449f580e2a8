const body = pm.response.json();
console.log(body, body.owner.name, body.tags[1]);
console.log(pm.response.json((key, value) => typeof value === 'number' ? -value : value));
