/* oracle { "response": { "header": [ { "key": "Content-Length", "value": "1000" }, { "key": "Content-Encoding", "value": "gzip" } ] } } */
console.log(pm.response.size(), pm.response.responseSize);
