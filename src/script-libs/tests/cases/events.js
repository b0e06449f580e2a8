const EventEmitter = require("events");
const heard = [];
const emitter = new EventEmitter();
emitter.once("a", (...of) => heard.push(of));
equal([emitter.emit("a", 1, 2), emitter.emit("a", 3), heard], [true, false, [[1, 2]]]);
equal(EventEmitter.EventEmitter === EventEmitter, true);
