// postman-collection decodes a body by iconv-lite only where its charset is not one a Buffer knows.
exports.encodingExists = (charset) => require("internal/iconv-lite").encodingExists(charset);
exports.decode = (...of) => require("internal/iconv-lite").decode(...of);
