class Pet { constructor () { this.name = 'Rex'; } get loud () { return 'WOOF'; } }
console.log(new Pet(), Object.create(null), new Number(5), new String('s'), new Boolean(false), Object.create({ inherited: 1 }));
