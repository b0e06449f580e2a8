/* oracle { "alone": true } */
pm = 5;
console.log(typeof pm);
//---
console.log(typeof pm);
