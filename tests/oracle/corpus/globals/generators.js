function* count () { let i = 0; while (i < 3) { yield i++; } }
async function* later () { yield 1; yield 2; }

console.log([...count()]);
for await (const n of later()) { console.log(n); }
