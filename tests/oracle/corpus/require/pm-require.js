/* oracle { "options": { "resolvedPackages": { "team/helpers": { "data": "module.exports = { double: (n) => n * 2 };" }, "broken": { "error": "could not resolve" } } } } */
console.log(pm.require('team/helpers').double(21));
['broken', 'unknown'].forEach((name) => {
    try { pm.require(name); }
    catch (error) { console.log(error.name, error.message); }
});
