// Postman's `uuid`: a function that is also its own `v4`, and no other version.
const { v4 } = require("uuid");

module.exports = () => v4();
module.exports.v4 = () => v4();
