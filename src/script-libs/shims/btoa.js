module.exports = btoa;
