['ok', 'accepted', 'badRequest', 'unauthorized', 'unauthorised', 'forbidden', 'notFound', 'notAcceptable', 'rateLimited', 'withoutContent', 'withBody'].forEach((name) => {
    pm.test(name, () => pm.response.to.be[name]);
    pm.test(`not ${name}`, () => pm.response.to.not.be[name]);
});
