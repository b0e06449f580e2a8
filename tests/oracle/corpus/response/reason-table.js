const { Response } = require('postman-collection');
[100, 200, 201, 204, 301, 400, 401, 404, 418, 422, 429, 500, 503, 599, 999].forEach((code) => {
    const response = new Response({ code });
    console.log(code, response.reason(), JSON.stringify(response.details()));
});
