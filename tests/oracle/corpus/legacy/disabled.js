/* oracle { "options": { "disableLegacyAPIs": true } } */
console.log(typeof tests, typeof postman, typeof responseBody, typeof _);
