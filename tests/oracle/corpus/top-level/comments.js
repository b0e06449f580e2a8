// only a comment
console.log('one'); // trailing
/* block */ console.log('two') /* at the end */
// the last line has no newline
