/* oracle { } */
const jar = pm.cookies.jar();

jar.set('https://api.example.com/', 'token', 'abc', (error, cookie) => {
    console.log(error, cookie && cookie.name, cookie && cookie.value);
    jar.get('https://api.example.com/', 'token', (inner, value) => console.log(inner, value));
});
