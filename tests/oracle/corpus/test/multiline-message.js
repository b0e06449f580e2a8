pm.test('lines', () => { throw new Error('one\ntwo\n  three'); });
pm.test('unicode ✓ "quoted"', () => pm.expect('ü').to.equal('✗'));
