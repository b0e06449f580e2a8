/* oracle { "response": { "header": [ { "key": "Content-Type", "value": "text/plain; charset=iso-8859-1" } ], "body": null, "stream": { "type": "Buffer", "data": [104, 233, 33] } } } */
console.log(pm.response.text(), pm.response.contentInfo().charset, pm.response.stream.length);
