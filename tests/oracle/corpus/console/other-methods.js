console.log(Object.keys(console).sort(), typeof console.table, typeof console.trace, typeof console.time, typeof console.assert, typeof console.dir);
