const seen = [];
for (const key in [1]) { seen.push(key); }
for (const key in 'a') { seen.push(key); }
for (const key in {}) { seen.push(key); }
console.log(seen, Object.keys(Array.prototype).length, Object.keys(String.prototype).length);
