console.log('r'); return undefined;
//---
console.log('r'); return new Map([[1, 2]]);
//---
console.log('r'); return 5;
//---
console.log('r'); return new Error('returned');
//---
console.log('r'); return '';
//---
console.log('r'); return pm;
//---
console.log('r'); return 'x';
//---
console.log('r'); return null;
//---
console.log('r'); return Symbol('s');
//---
console.log('r'); return true;
//---
console.log('r'); return 0;
//---
console.log('r'); return [1];
//---
console.log('r'); return NaN;
//---
console.log('r'); return false;
//---
console.log('r'); return { a: 1 };
//---
console.log('r'); return new Date(0);
//---
console.log('r'); return () => 1;
