/* oracle { "response": { "body": "\ufeff{\"a\":1}" } } */
console.log(pm.response.json(), pm.response.text().length);
