/* oracle { "response": { "body": "[1, \"two\", null, true, {\"x\": []}, -0.5e3, \"\\u00e9\"]" } } */
console.log(pm.response.json());
