// mime reads `RegExp.$1`, which this engine does not have.
const mime = require("mime/index.js");

mime.getExtension = (type) => mime._extensions[/^\s*([^;\s]*)/.exec(type)?.[1].toLowerCase()] ?? null;

module.exports = mime;
