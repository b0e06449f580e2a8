const { StringDecoder } = require("string_decoder");
const decoder = new StringDecoder("utf8");
const { Buffer } = require("buffer");
equal(decoder.write(Buffer.from([0xe2, 0x82])) + decoder.write(Buffer.from([0xac])) + decoder.end(), "€");
