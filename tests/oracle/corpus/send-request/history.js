/* oracle { "requests": { "GET https://x.example.com/a": { "code": 200, "history": { "cookies": [ { "name": "s", "value": "1" } ] } } } } */
pm.sendRequest('https://x.example.com/a', (error, response, history) => {
    console.log(Object.keys(history), history.cookies.count(), history.cookies.get('s'));
});
