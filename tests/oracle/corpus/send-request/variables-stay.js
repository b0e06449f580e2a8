/* oracle { "requests": { "GET {{baseUrl}}/a": { "code": 200 }, "GET /{{baseUrl}}/a": { "code": 200 } } } */
pm.sendRequest('{{baseUrl}}/a', (error, response) => console.log(error && error.message, response && response.code));
