const doubled = await Promise.all([1, 2].map(async (x) => x * 2));
console.log(doubled);
