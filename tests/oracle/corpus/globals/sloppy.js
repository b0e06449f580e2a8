undeclared = 5;
console.log(undeclared, typeof undeclared);
with ({ inside: 1 }) { console.log(inside); }
console.log(010, delete Object.prototype.nope);
