['', '{"a":}', '[1,]', 'x', '{"a" 1}', '"\n"', '{"a":1'].forEach((text) => {
    try { console.log(JSON.parse(text)); }
    catch (error) { console.log(error.name, error.message); }
});
