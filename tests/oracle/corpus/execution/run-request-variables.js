/* oracle { "runs": { "req-9": { "response": { "code": 200, "body": "x" }, "results": { "variableMutations": { "environment": [ { "autoCompact": true, "stream": [], "compacted": { "fromRun": [ "fromRun", "yes" ] } } ] } } } } } */
const response = await pm.execution.runRequest('req-9', { variables: { a: '1' } });
console.log(response.text(), pm.environment.get('fromRun'));
