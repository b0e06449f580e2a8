/* oracle { "context": { "data": { "row": { "a": [1, 2] }, "ok": true, "none": null } } } */
console.log(pm.iterationData.get('row'), pm.iterationData.get('ok'), pm.iterationData.get('none'));
console.log(pm.variables.replaceIn('{{row}} {{ok}} {{none}}'));
