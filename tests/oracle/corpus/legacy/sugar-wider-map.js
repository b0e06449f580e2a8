console.log([{ a: 1 }].map('a'), [1, 2, 3].filter(2), [{ a: 1 }, { a: 2 }].find({ a: 2 }));
