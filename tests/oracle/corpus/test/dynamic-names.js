[200, 201, 404].forEach((code) => {
    pm.test(`status is ${code}`, () => pm.response.to.have.status(code));
});
pm.test(`the ${pm.info.requestName} answered ${pm.response.code}`, () => {});
