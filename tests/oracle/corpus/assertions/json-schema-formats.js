const cases = { email: ['a@b.co', 'a@'], 'date-time': ['2020-01-01T00:00:00Z', 'yesterday'], uuid: ['6f1c9a52-7e55-4d11-9d5c-8a4ac32a1bbb', 'x'], ipv4: ['1.2.3.4', '1.2.3'], uri: ['https://a.b/c', 'a b'], date: ['2020-02-28', '2020-13-01'] };

Object.keys(cases).forEach((format) => {
    cases[format].forEach((value) => pm.test(`${format} ${value}`, () => pm.expect(value).to.have.jsonSchema({ type: 'string', format })));
});
