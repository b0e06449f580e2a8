/* oracle { "jar_error": "Unable to access \"cookie\" store: programmatic access is disabled" } */
const jar = pm.cookies.jar();

jar.get('https://api.example.com/', 'a', (error, value) => console.log(error && error.message, value));
try { await jar.set('https://api.example.com/', 'a', 'b'); }
catch (error) { console.log(error.message); }
