/* oracle { "response": { "code": 404, "status": "Not Found" } } */
['info', 'success', 'redirection', 'clientError', 'serverError', 'error', 'ok', 'notFound'].forEach((name) => {
    pm.test(name, () => pm.response.to.be[name]);
    pm.test(`not ${name}`, () => pm.response.to.not.be[name]);
});
