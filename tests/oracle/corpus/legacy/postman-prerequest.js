/* oracle { "listen": "prerequest" } */
console.log(typeof postman.getResponseHeader, typeof postman.setNextRequest);
