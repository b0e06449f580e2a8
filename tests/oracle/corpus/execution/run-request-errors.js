/* oracle { "runs": { "bad": { "error": { "message": "could not run" } } } } */
try { await pm.execution.runRequest(); }
catch (error) { console.log(error.message); }
try { await pm.execution.runRequest('bad'); }
catch (error) { console.log(error.message); }
