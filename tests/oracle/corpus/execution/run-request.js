/* oracle { "runs": { "req-9": { "response": { "code": 200, "body": { "ran": true } } } } } */
const response = await pm.execution.runRequest('req-9');
console.log(response.code, response.json());
