console.log(typeof declared, typeof assigned);
function declared () {}
var assigned = 1;
