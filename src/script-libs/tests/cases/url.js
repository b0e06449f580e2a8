const url = require("url");
const parsed = url.parse("http://u:p@host.com:8080/p/a?q=1&r=2#h", true);
equal([parsed.host, parsed.auth, parsed.query.r, parsed.hash], ["host.com:8080", "u:p", "2", "#h"]);
equal(url.resolve("http://a.com/b/c", "../d"), "http://a.com/d");
equal(url.format({ protocol: "http", host: "x.y", pathname: "/z", query: { a: 1 } }), "http://x.y/z?a=1");
