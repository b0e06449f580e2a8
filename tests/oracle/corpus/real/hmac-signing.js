/* oracle { "listen": "prerequest" } */
const timestamp = '1600000000';
const payload = [pm.request.method, pm.request.url.getPath(), timestamp, pm.request.body.toString()].join('\n');
const signature = CryptoJS.HmacSHA256(payload, pm.variables.get('onlyGlobal')).toString(CryptoJS.enc.Hex);

pm.request.headers.upsert({ key: 'X-Signature', value: signature });
pm.request.headers.upsert({ key: 'X-Timestamp', value: timestamp });
console.log(signature);
