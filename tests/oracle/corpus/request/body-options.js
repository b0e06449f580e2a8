/* oracle { "context": { "request": { "url": "https://a.example.com", "method": "POST", "body": { "mode": "raw", "raw": "<a/>", "options": { "raw": { "language": "xml" } }, "disabled": true } } } } */
console.log(pm.request.body.options, pm.request.body.disabled, pm.request.body.raw);
