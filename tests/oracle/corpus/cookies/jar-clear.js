/* oracle { "jar": [ { "key": "a", "value": "1", "domain": "api.example.com", "path": "/" }, { "key": "b", "value": "2", "domain": "other.example.com", "path": "/" } ] } */
pm.cookies.jar().clear('https://api.example.com/', (error) => console.log('cleared', error));
