const jar = pm.cookies.jar();

await jar.set('https://api.example.com/', 'old=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT');
await jar.set('https://api.example.com/', 'gone=1; Max-Age=0');
console.log((await jar.getAll('https://api.example.com/')).count());
