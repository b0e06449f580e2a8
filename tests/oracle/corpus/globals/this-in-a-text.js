// Whether this is looked at
pm.test("isn't it this", () => pm.expect('this').to.equal("this"));
