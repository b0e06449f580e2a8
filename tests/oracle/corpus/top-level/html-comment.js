console.log('a');
<!-- an old comment
console.log('b');
