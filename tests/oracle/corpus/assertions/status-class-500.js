/* oracle { "response": { "code": 500, "status": null } } */
['serverError', 'error', 'clientError', 'ok'].forEach((name) => {
    pm.test(name, () => pm.response.to.be[name]);
});
