const EventEmitter = require('events');
const emitter = new EventEmitter();

emitter.on('a', (x) => console.log('on', x));
emitter.once('a', (x) => console.log('once', x));
console.log(emitter.emit('a', 1), emitter.emit('a', 2), emitter.emit('b'), emitter.listenerCount('a'));
