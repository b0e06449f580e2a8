/* oracle { "response": { "header": [ { "key": "Content-Type", "value": "application/pdf" }, { "key": "Content-Disposition", "value": "attachment; filename=\"report.pdf\"" } ], "body": "%PDF-1.4" } } */
console.log(pm.response.contentInfo());
