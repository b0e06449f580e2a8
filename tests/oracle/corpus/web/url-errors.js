['nope', 'http://', 'http://a:99999', '//x'].forEach((text) => {
    try { console.log(new URL(text).href); }
    catch (error) { console.log(error.name, error.message, error.code); }
});
console.log(typeof URL.canParse);
