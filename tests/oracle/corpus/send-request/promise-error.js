/* oracle { "requests": { "GET https://down.example.com/": { "error": { "message": "getaddrinfo ENOTFOUND", "code": "ENOTFOUND" } } } } */
try {
    await pm.sendRequest('https://down.example.com/');
    console.log('reached');
}
catch (error) { console.log(error.message, error.code); }
