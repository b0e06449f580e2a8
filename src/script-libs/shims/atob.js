module.exports = atob;
