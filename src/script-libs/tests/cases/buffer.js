const { Buffer, constants } = require("buffer");
equal(Buffer.from("héllo").toString("base64"), "aMOpbGxv");
equal(Buffer.from("aMOpbGxv", "base64").toString(), "héllo");
equal(Buffer.from([1, 254]).toString("hex"), "01fe");
equal(Buffer.concat([Buffer.from("a"), Buffer.alloc(2)]).equals(Buffer.from("a\0\0")), true);
equal([Buffer.isBuffer(new Buffer("x")), Buffer.byteLength("é"), Buffer.name], [true, 2, "Buffer"]);
equal(constants.MAX_STRING_LENGTH, 268435440);
equal(require("buffer").atob("aGk="), "hi");
