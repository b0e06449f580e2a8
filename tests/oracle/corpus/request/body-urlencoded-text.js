/* oracle { "context": { "request": { "url": "https://a.example.com", "method": "POST", "body": { "mode": "urlencoded", "urlencoded": "a=1&b=%20&c" } } } } */
console.log(pm.request.body.urlencoded.all().map((param) => [param.key, param.value]), String(pm.request.body));
