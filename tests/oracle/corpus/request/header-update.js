/* oracle { "listen": "prerequest" } */
const header = pm.request.headers.one('Accept');
header.value = 'application/xml';
header.disabled = true;
header.update({ key: 'Accept', value: 'a/b' });
console.log(header.toString(), header.key, header.value, header.disabled, JSON.stringify(header));
