const quote = /"/; console.log(typeof this.pm, "and a text");
pm.test('a quote in a regular expression hides nothing', () => pm.expect(quote.test('"')).to.be.true);
