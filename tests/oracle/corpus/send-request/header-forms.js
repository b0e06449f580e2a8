/* oracle { "requests": { "GET https://h.example.com/": { "code": 204 } } } */
pm.sendRequest({ url: 'https://h.example.com/', header: 'A: 1' }, () => {});
pm.sendRequest({ url: 'https://h.example.com/', header: ['A: 1', 'B:2'] }, () => {});
pm.sendRequest({ url: 'https://h.example.com/', header: [{ key: 'A', value: '1' }, { key: 'B', value: '2', disabled: true }] }, () => {});
pm.sendRequest({ url: 'https://h.example.com/', header: { A: '1', B: 2 } }, () => {});
pm.sendRequest({ url: 'https://h.example.com/', headers: { A: '1' } }, () => {});
