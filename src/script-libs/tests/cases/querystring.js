const querystring = require("querystring");
equal(querystring.parse("a=1&a=2&b=%20"), { a: ["1", "2"], b: " " });
equal(querystring.stringify({ a: ["x", "y z"], b: 1 }), "a=x&a=y%20z&b=1");
