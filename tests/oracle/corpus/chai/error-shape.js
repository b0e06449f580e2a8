pm.test('shape', () => {
    try { pm.expect({ a: 1 }).to.eql({ a: 2 }); }
    catch (error) {
        console.log(error.name, error.message, error.actual, error.expected, error.showDiff, error.operator, error instanceof Error);
        throw error;
    }
});
