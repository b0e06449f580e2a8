// The tables of international domain names are large, and an ASCII domain does not need them.
// https://url.spec.whatwg.org/#concept-domain-to-ascii ("equivalent to ASCII lowercasing domain")
const plain = (domain) => !/[^\0-\x7f]|(^|\.)xn--/i.test(domain);

exports.toASCII = (domain, options) =>
    !options.useSTD3ASCIIRules && plain(domain)
        ? domain.toLowerCase()
        : require("internal/tr46").toASCII(domain, options);
exports.toUnicode = (...of) => require("internal/tr46").toUnicode(...of);
