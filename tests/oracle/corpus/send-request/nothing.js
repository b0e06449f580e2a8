pm.sendRequest(undefined, (error) => console.log(error.name, error.message));
pm.sendRequest('', (error) => console.log(error.message));
try { await pm.sendRequest(); }
catch (error) { console.log(error.message); }
