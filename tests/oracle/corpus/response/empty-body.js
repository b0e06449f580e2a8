/* oracle { "response": { "body": "", "code": 204, "status": "No Content" } } */
console.log(JSON.stringify(pm.response.text()), pm.response.responseSize, pm.response.reason(), pm.response.size());
