var kept = 1;
let block = 2;
const fixed = 3;
function named () {}
console.log(kept);
//---
console.log(typeof kept, typeof block, typeof fixed, typeof named);
