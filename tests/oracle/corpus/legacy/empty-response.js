/* oracle { "context": { "response": {} } } */
console.log(typeof responseBody, responseTime, responseCode, responseHeaders);
