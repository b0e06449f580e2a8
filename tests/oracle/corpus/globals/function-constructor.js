console.log(new Function('a', 'b', 'return a + b')(1, 2), eval('1 + 1'));
const local = 7;
console.log(eval('local + 1'));
