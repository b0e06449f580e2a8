for (const n of [1, 2, 3]) {
    await null;
    console.log(n);
}
