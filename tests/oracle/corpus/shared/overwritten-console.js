/* oracle { "alone": true } */
_ = 'mine';
setTimeout = null;
console.log(typeof _, setTimeout);
//---
console.log(typeof _, typeof setTimeout);
