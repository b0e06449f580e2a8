// What loupe, within chai, looks for in `util`: `inspect.custom`, which the `util` of browsers has not.
exports.inspect = {};
