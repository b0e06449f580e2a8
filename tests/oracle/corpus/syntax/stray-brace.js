pm.test("a", function () {}));
