const { toASCII, toUnicode } = require("internal/tr46");
equal(toASCII("faß.EXAMPLE", { transitionalProcessing: false }), "xn--fa-hia.example");
equal(toUnicode("xn--fa-hia.example", {}).domain, "faß.example");
