/* oracle { "requests": { "PUT https://x.example.com/r": { "code": 200 } } } */
const { Request } = require('postman-collection');
const request = new Request({ url: 'https://x.example.com/r', method: 'PUT' });

request.addHeader({ key: 'X', value: 'y' });
const response = await pm.sendRequest(request);
console.log(response.code);
