const parse = require('csv-parse/lib/sync');
console.log(parse('a,b\n1,"x, y"\n2,z\n', { columns: true }), parse('1;2\n3;4', { delimiter: ';' }), parse('# c\n1,2\n\n3,4', { comment: '#', skip_empty_lines: true }));
