later = 0;
setTimeout(() => { later = 1; }, 5);
//---
console.log(later);
