setTimeout(() => console.log('timer'), 0);
(async () => { await null; console.log('a'); await null; console.log('b'); })();
