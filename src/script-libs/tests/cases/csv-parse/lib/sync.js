const parse = require("csv-parse/lib/sync");
equal(parse('a,b\n1,"2, ""x"""\n', { columns: true }), [{ a: "1", b: '2, "x"' }]);
equal(parse("1;2\n3;4", { delimiter: ";" }), [["1", "2"], ["3", "4"]]);
throws(() => parse('a,"b'), /quot/i);
