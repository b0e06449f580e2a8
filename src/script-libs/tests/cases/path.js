const path = require("path");
equal([path.join("/a", "../b", "c.txt"), path.extname("x.tar.gz"), path.basename("/a/b.c", ".c")], ["/b/c.txt", ".gz", "b"]);
equal(path.resolve("/a", "b"), "/a/b");
