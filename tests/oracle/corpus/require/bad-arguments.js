[undefined, null, '', {}].forEach((name) => {
    try { require(name); }
    catch (error) { console.log(error.name, error.message); }
});
