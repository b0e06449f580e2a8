/* oracle { "context": { "response": {} } } */
console.log(typeof responseBody, responseTime, JSON.stringify(responseCode), responseHeaders);
