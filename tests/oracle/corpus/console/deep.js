let o = { end: true };
for (let i = 0; i < 30; i += 1) { o = { o }; }
console.log(o);
