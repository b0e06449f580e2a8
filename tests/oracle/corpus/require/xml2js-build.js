const xml2js = require('xml2js');
console.log(new xml2js.Builder({ headless: true }).buildObject({ pet: { $: { id: 1 }, name: 'Rex', tags: { tag: ['a', 'b'] } } }));
