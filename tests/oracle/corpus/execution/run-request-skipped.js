/* oracle { "runs": { "skipped": { "response": null } } } */
console.log(await pm.execution.runRequest('skipped'));
