counter = 1;
helper = (n) => n * 2;
console.log(counter);
//---
counter += 1;
console.log(counter, helper(4));
