console.log(pm.environment.replaceIn('{{baseUrl}}/x/{{shared}}/{{missing}}'));
console.log(pm.variables.replaceIn('{{baseUrl}}/{{onlyGlobal}}/{{onlyCollection}}/{{onlyLocal}}/{{user}}'));
console.log(pm.globals.replaceIn('{{shared}} {{baseUrl}}'));
