require("internal/sugar");
equal([1, 2, 3].remove(2), [1, 3]);
equal("hello world".capitalize(true), "Hello World");
equal([1, 2, 3].sum(), 6);
equal("abc".has("b"), true);
equal(Date.create("2020-02-29").format("{yyyy}-{MM}-{dd}"), "2020-02-29");
equal((5).ordinalize(), "5th");
equal(Object.merge({ a: 1 }, { b: 2 }), { a: 1, b: 2 });
equal("post".pluralize(), "posts");
