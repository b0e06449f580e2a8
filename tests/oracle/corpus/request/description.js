/* oracle { "context": { "request": { "url": "https://a.example.com", "description": "does *things*" } } } */
console.log(String(pm.request.description), typeof pm.request.description);
