const iconv = require("internal/iconv-lite");
const { Buffer } = require("buffer");
equal(iconv.decode(Buffer.from([0x83, 0x65]), "Shift_JIS"), "テ");
equal([...iconv.encode("é", "latin1")], [0xe9]);
equal([iconv.encodingExists("gb18030"), iconv.encodingExists("nope")], [true, false]);
