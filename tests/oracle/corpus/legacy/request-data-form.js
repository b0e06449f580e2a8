/* oracle { "context": { "request": { "url": "https://a.example.com", "method": "POST", "body": { "mode": "urlencoded", "urlencoded": [ { "key": "a", "value": "1" }, { "key": "a", "value": "2" }, { "key": "b", "value": "3" }, { "key": "off", "value": "x", "disabled": true } ] } } } } */
console.log(request.data);
