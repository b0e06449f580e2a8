/* oracle { "response": { "body": "{\"a\":1,\"a\":2}" } } */
console.log(pm.response.json(), pm.response.json(null, true));
