/* oracle { "jar": [ { "key": "a", "value": "1", "domain": "api.example.com", "path": "/", "secure": true }, { "key": "p", "value": "2", "domain": "api.example.com", "path": "/deep" } ] } */
pm.cookies.jar().getAll('https://api.example.com/deep/er', (error, cookies) => console.log(error, cookies.map((cookie) => cookie.name)));
pm.cookies.jar().getAll('http://api.example.com/', (error, cookies) => console.log(error, cookies.map((cookie) => cookie.name)));
