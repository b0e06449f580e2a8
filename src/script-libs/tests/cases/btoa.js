equal(require("btoa")("hi\xff"), "aGn/");
throws(() => require("btoa")("\u0100"), /InvalidCharacterError|[Ii]nvalid|outside/);
