const punycode = require("punycode");
equal(punycode.toASCII("bücher.example"), "xn--bcher-kva.example");
equal(punycode.toUnicode("xn--bcher-kva.example"), "bücher.example");
equal(punycode.version, "1.4.1");
