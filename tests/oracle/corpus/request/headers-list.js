const headers = pm.request.headers;
console.log(headers.count(), headers.has('ACCEPT'), headers.has('Accept', '*/*'), headers.has('nope'));
console.log(headers.one('accept').value, headers.idx(0).key, headers.indexOf('Accept'));
console.log(headers.filter((header) => header.disabled).map((header) => header.key));
console.log(headers.find((header) => header.key === 'Accept').value, headers.reduce((sum, header) => sum + header.key.length, 0));
