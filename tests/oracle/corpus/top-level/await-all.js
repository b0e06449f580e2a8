const [a, b] = await Promise.all([Promise.resolve(1), new Promise((resolve) => setTimeout(resolve, 5, 2))]);
console.log(a, b);
