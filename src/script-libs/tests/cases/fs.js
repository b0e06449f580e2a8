equal(Object.keys(require("fs")), []);
