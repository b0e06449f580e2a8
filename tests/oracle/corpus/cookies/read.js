console.log(pm.cookies.get('session'), pm.cookies.has('theme'), pm.cookies.has('nope'), pm.cookies.get('nope'));
console.log(pm.cookies.toObject(), pm.cookies.count(), pm.cookies.one('session').httpOnly);
console.log(pm.cookies.map((cookie) => cookie.name), pm.cookies.filter((cookie) => cookie.value === 'dark').length, pm.cookies.all().length);
