/* oracle { "listen": "prerequest" } */
console.log(request.method, typeof responseBody, typeof responseCode, typeof responseHeaders, typeof tests);
tests['in a prerequest'] = true;
