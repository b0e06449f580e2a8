/* oracle { } */

//---
console.log('after an empty script');
