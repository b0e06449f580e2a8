console.log(typeof this, this === undefined);
console.log((function () { return typeof this; })(), (() => typeof this)());
