['info', 'success', 'redirection', 'clientError', 'serverError', 'error'].forEach((name) => {
    pm.test(name, () => pm.response.to.be[name]);
    pm.test(`not ${name}`, () => pm.response.to.not.be[name]);
});
pm.test('class', () => pm.response.to.have.statusCodeClass(2));
pm.test('other class', () => pm.response.to.have.statusCodeClass(4));
