/* oracle { "requests": { "POST https://b.example.com/": { "code": 204 } } } */
const url = 'https://b.example.com/', method = 'POST';

pm.sendRequest({ url, method, body: 'text' }, () => {});
pm.sendRequest({ url, method, body: { mode: 'urlencoded', urlencoded: [{ key: 'a', value: '1 2' }] } }, () => {});
pm.sendRequest({ url, method, body: { mode: 'urlencoded', urlencoded: 'a=1&b=2' } }, () => {});
pm.sendRequest({ url, method, body: { mode: 'urlencoded', urlencoded: { a: '1' } } }, () => {});
pm.sendRequest({ url, method, body: { mode: 'formdata', formdata: [{ key: 'a', value: '1' }] } }, () => {});
pm.sendRequest({ url, method, body: { mode: 'graphql', graphql: { query: '{a}' } } }, () => {});
pm.sendRequest({ url, method, body: { mode: 'file', file: { src: 'x' } } }, () => {});
