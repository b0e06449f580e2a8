pm.test('below', () => pm.expect(pm.response.responseTime).to.be.below(200));
pm.test('chain', () => pm.response.to.have.responseTime.below(100));
pm.test('within', () => pm.response.to.have.responseTime.within(100, 200));
pm.test('exact', () => pm.response.to.have.responseTime(124));
pm.test('above', () => pm.response.to.have.responseTime.above(500));
pm.test('size', () => pm.response.to.have.responseSize.below(10));
pm.test('size exact', () => pm.response.to.have.responseSize(139));
pm.test('not', () => pm.response.to.not.have.responseTime.below(200));
