try { JSON.parse('{a'); }
catch (error) { console.log(error.name, error.message); }
console.log(JSON.parse('\ufeff{"a":1}'), JSON.stringify({ a: [undefined, () => 1, NaN] }), typeof JSON);
