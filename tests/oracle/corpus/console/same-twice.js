const shared = { a: 1 };
console.log({ x: shared, y: shared }, [shared, shared]);
