const first = pm.response.json();
first.name = 'changed';
console.log(pm.response.json().name);
