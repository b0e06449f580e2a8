console.log(pm.variables.replaceIn({ url: '{{baseUrl}}/a', list: ['{{onlyGlobal}}', 1, null] }));
console.log(pm.variables.replaceIn(['{{user}}', { '{{user}}': '{{user}}' }]));
