/* oracle { "response": { "body": "h\u00e9llo \u4e16\u754c \ud83d\ude00" } } */
console.log(pm.response.text(), pm.response.text().length, pm.response.responseSize, pm.response.size().body);
