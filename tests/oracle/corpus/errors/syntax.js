pm.test('never', () => {});
const = 5;
