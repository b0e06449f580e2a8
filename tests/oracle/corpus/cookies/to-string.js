pm.cookies.each((cookie) => console.log(cookie.toString(), cookie.domain, cookie.path, cookie.valueOf()));
console.log(pm.cookies.toString(), JSON.stringify(pm.cookies));
