equal([require("os").EOL, require("os").platform()], ["\n", "browser"]);
