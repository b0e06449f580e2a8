// The least a host must give the modules. Answers `{ require, drain }`; `load` makes a module's function.
(function (load) {
    const cache = new Map();
    function require(name) {
        if (cache.has(name)) return cache.get(name).exports;
        const wrapper = load(name);
        if (!wrapper) throw new Error(`Cannot find module '${name}'`);
        const module = { exports: {} };
        cache.set(name, module);
        wrapper.call(module.exports, require, module, module.exports, globalThis);
        return module.exports;
    }

    let timers = [];
    let last = 0;
    const start = (run, wait = 0, ...of) => {
        timers.push({ id: ++last, at: wait, run: () => run(...of) });
        return last;
    };
    const stop = (id) => {
        timers = timers.filter((timer) => timer.id !== id);
    };
    const bytes = (text) => Uint8Array.from(unescape(encodeURIComponent(text)), (c) => c.charCodeAt(0));
    Object.assign(globalThis, {
        console: { log() {}, warn() {}, error() {} },
        setTimeout: start,
        setImmediate: (run, ...of) => start(run, 0, ...of),
        clearTimeout: stop,
        clearImmediate: stop,
        clearInterval: stop,
        setInterval: () => {
            throw new Error("no module starts an interval by itself");
        },
        crypto: { getRandomValues: (into) => into.map((_, at) => (into[at] = Math.random() * 256)) },
        TextEncoder: class {
            encode(text) {
                return bytes(text.toWellFormed());
            }
        },
        TextDecoder: class {
            decode(from) {
                return decodeURIComponent(escape(String.fromCharCode(...from)));
            }
        },
    });

    /** Runs the timer that is due first; says whether there was one. */
    function tick() {
        const [first] = timers.sort((a, b) => a.at - b.at || a.id - b.id);
        if (!first) return false;
        stop(first.id);
        first.run();
        return true;
    }

    function equal(actual, expected, what = "") {
        const [a, b] = [actual, expected].map((value) => JSON.stringify(value) ?? String(value));
        if (a !== b) throw new Error(`${what} expected ${b}, got ${a}`);
    }

    function throws(run, pattern) {
        try {
            run();
        } catch (error) {
            if (!pattern.test(String(error))) throw new Error(`threw ${error}, not ${pattern}`);
            return;
        }
        throw new Error(`did not throw ${pattern}`);
    }

    return { require, tick, equal, throws };
});
