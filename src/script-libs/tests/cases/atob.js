equal(require("atob")("aGk="), "hi");
throws(() => require("atob")("*"), /InvalidCharacterError|[Ii]nvalid/);
