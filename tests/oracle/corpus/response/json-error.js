/* oracle { "response": { "body": "{\"a\":1,\n  \"b\": tru }" } } */
try { pm.response.json(); }
catch (error) { console.log(error.name, error.message, error instanceof Error); }
pm.test('json', () => pm.response.json());
