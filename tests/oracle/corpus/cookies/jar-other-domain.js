const jar = pm.cookies.jar();

jar.set('https://api.example.com/', 'x=1; Domain=other.org', (error, cookie) => console.log(error && error.message, cookie && cookie.domain));
jar.set('https://api.example.com/', 'y=1; Domain=example.com', (error, cookie) => console.log(error && error.message, cookie && cookie.domain));
