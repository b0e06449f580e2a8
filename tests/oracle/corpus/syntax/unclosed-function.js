pm.test("x", () => {
