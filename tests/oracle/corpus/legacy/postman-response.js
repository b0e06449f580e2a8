console.log(postman.getResponseHeader('content-type'), postman.getResponseHeader('nope'));
console.log(postman.getResponseCookie('session').value, postman.getResponseCookie('nope'));
