/* oracle { "alone": true } */
Array.prototype.second = function () { return this[1]; };
Object.assign(String.prototype, { shout () { return this.toUpperCase(); } });
console.log([1, 2].second());
//---
console.log([3, 4].second(), 'a'.shout());
