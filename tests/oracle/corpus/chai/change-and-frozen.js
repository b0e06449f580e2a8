const box = { n: 1 };

pm.test('change', () => pm.expect(() => { box.n += 1; }).to.change(box, 'n').by(2));
pm.test('increase', () => pm.expect(() => {}).to.increase(box, 'n'));
pm.test('frozen', () => pm.expect({}).to.be.frozen);
pm.test('sealed', () => pm.expect(Object.seal({})).to.be.sealed);
pm.test('extensible', () => pm.expect(Object.freeze({})).to.be.extensible);
