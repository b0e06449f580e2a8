tests.before = false;
tests = { after: true };
tests.more = false;
console.log(Object.keys(tests));
