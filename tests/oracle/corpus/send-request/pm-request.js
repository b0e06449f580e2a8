/* oracle { "requests": { "POST https://api.example.com:8443/v1/pets/:petId?limit=10&tag=a%20b": { "code": 200, "body": "again" } } } */
pm.sendRequest(pm.request, (error, response) => console.log(error, response && response.text()));
