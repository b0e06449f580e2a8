"use sandbox2";
console.log(typeof postman);
//---
console.log(typeof postman, typeof tests);
