/* oracle { "requests": { "GET https://x.example.com/1": { "code": 200, "body": "one" }, "GET https://x.example.com/2": { "code": 200, "body": "two" }, "GET https://x.example.com/3": { "code": 503 } } } */
const responses = await Promise.all([1, 2, 3].map((n) => pm.sendRequest(`https://x.example.com/${n}`)));
console.log(responses.map((response) => response.code), responses[1].text());
