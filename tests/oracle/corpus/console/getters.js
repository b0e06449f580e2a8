console.log({ get a () { return 1; }, set b (v) {} }, Object.defineProperty({}, 'hidden', { value: 1 }));
