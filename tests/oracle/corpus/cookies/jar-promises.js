const jar = pm.cookies.jar();

await jar.set('https://api.example.com/', 'a', '1');
await jar.set('https://api.example.com/', { name: 'b', value: '2', httpOnly: true, path: '/' });
await jar.set('https://api.example.com/', 'c=3; Path=/; Secure');
console.log(await jar.get('https://api.example.com/', 'a'), await jar.get('https://api.example.com/', 'nope'));
const all = await jar.getAll('https://api.example.com/');
console.log(all.map((cookie) => `${cookie.name}=${cookie.value}`), all.count());
