/* oracle { "response": { "header": [ { "key": "Content-Type", "value": "text/plain" } ], "body": "hello" } } */
console.log(pm.response.dataURI());
