// Postman's own sandbox behind the line protocol of `postproof script --stdio`: each line is one JSON
// array `[name, ...arguments]`, in both directions. `initialize` starts over with a fresh context.
import { createInterface } from 'node:readline';
import sandbox from 'postman-sandbox';

/** What a driver may see; everything else the event emitter carries is the bridge's own business. */
const SPOKEN = /^(execution\.|pong$|error$)/;

/** JSON cannot carry a cycle, the sandbox's own channel can. */
function encode (message) {
  const above = [];

  return JSON.stringify(message, function (_key, value) {
    while (above.length && above.at(-1) !== this) { above.pop(); }
    if (value instanceof Error) { return { type: 'Error', name: value.name, message: value.message }; }
    if (typeof value !== 'object' || value === null) { return value; }
    if (above.includes(value)) { return '[Circular]'; }
    above.push(value);

    return value;
  });
}

function say (...message) {
  process.stdout.write(`${encode(message)}\n`);
}

/** A context whose messages are all said aloud. */
function create (options) {
  return new Promise((resolve, reject) => {
    sandbox.createContext(options ?? {}, (error, context) => {
      if (error) { return reject(error); }

      const emit = context.emit;

      context.emit = function (name, ...args) {
        SPOKEN.test(name) && say(name, ...args);

                // an `error` without a listener would end this process
        return name === 'error' || emit.call(this, name, ...args);
      };
      resolve(context);
    });
  });
}

let context;

for await (const line of createInterface({ input: process.stdin })) {
  const [name, ...args] = JSON.parse(line);

  if (name === 'initialize') {
    const old = context;

    old && await new Promise((done) => { old.dispose(done); });
    context = await create(args[0]);
    say('initialize');
  }
  else {
    context.dispatch(name, ...args);
  }
}
process.exit(0);
