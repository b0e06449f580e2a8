['nope', 'axios', 'crypto', 'http', 'child_process', 'vm', 'net', 'node:fs', './x', 'underscore', 'jquery', 'csv-parse', 'liquid-json', 'process'].forEach((name) => {
    try { console.log(name, typeof require(name)); }
    catch (error) { console.log(name, error.name, error.message, error.code); }
});
