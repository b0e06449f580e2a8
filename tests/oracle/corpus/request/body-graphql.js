/* oracle { "context": { "request": { "url": "https://a.example.com/graphql", "method": "POST", "body": { "mode": "graphql", "graphql": { "query": "{ pets { name } }", "variables": "{\"a\":1}", "operationName": "P" } } } } } */
console.log(pm.request.body.mode, pm.request.body.graphql.query, pm.request.body.graphql.variables, pm.request.body.isEmpty());
console.log(JSON.stringify(pm.request.body));
