console.log({ [Symbol('k')]: 1, plain: 2 });
