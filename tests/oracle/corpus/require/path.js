const path = require('path');
console.log(path.join('/a', '..', 'b', 'c.txt'), path.basename('/x/y.json', '.json'), path.extname('a.b.c'), path.resolve('/a', 'b'), path.dirname('/h/f.txt'), path.sep);
