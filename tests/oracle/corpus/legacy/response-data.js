console.log(responseBody.length, responseTime, responseCode, iteration);
console.log(responseHeaders, responseHeaders['Content-Type']);
console.log(typeof responseCookies, responseCookies.length, JSON.parse(responseBody).name);
