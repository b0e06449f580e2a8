// Runs newman's own command line many times in one process, and tells what each run came to.
//
// A job is a line on standard input, {"cwd", "args", "env", "report"}; its result a line on standard output: lines of
// text by aspect, as tests/it/newman/observation.rs makes them of a recording of postproof. A run that brings the
// process down is told as such, and the process ends.
'use strict';

const fs = require('fs');
const util = require('util');
const readline = require('readline');
const newman = require('newman');

const BIN = require.resolve('newman/bin/newman.js');
const TIME_ALLOWED = 30000;

const say = (result) => fs.writeSync(1, JSON.stringify(result) + '\n');

/** Watches one run; its lines by aspect. */
function observe (emitter) {
    const seen = { executions: [], requests: [], scripts: [], assertions: [], console: [] };
    let listen = '';
    let current = '';
    // Of a request that a script sends newman knows no item, of the item's own it resolves the name.
    const item = (o) => `${o.cursor.iteration} ${current}`;

    emitter.on('beforeItem', (err, o) => {
        current = o.item.name || '';
        seen.executions.push(item(o));
    });
    emitter.on('beforeScript', (err, o) => { listen = o.event.listen; });
    emitter.on('script', (err, o) => {
        seen.scripts.push(`${item(o)}: ${o.event.listen} ${err ? `${err.name}: ${err.message}` : 'ok'}`);
    });
    emitter.on('request', (err, o) => {
        // A fragment is never sent, and credentials are a header.
        const url = o.request.url.toString().replace(/#.*$/, '').replace(/^(\w+:\/\/)[^/?]*@/, '$1');
        seen.requests.push(`${item(o)}: ${o.request.method} ${url} ${err ? 'no answer' : o.response.code}`);
    });
    emitter.on('assertion', (err, o) => {
        const outcome = o.skipped ? 'skipped' : err ? `failed: ${err.name}: ${err.message}` : 'passed';
        seen.assertions.push(`${item(o)}: ${listen} ${JSON.stringify(o.assertion)} ${outcome}`);
    });
    emitter.on('console', (err, o) => {
        // Arguments as Node's console writes them; newman's cli writes each quoted, with commas between.
        const told = util.formatWithOptions({ depth: 25 }, ...o.messages);
        seen.console.push(`${o.cursor.iteration} ${o.level}: ${told}`);
    });
    return seen;
}

/** Runs newman's command line once, in this process. */
function run (job, done) {
    const restore = [];
    const replace = (object, name, value) => {
        const old = object[name];
        object[name] = value;
        restore.push(() => { object[name] = old; });
    };
    const output = [];
    const write = (chunk, encoding, callback) => {
        output.push(String(chunk));
        const then = typeof encoding === 'function' ? encoding : callback;
        then && then();
        return true;
    };
    let seen = {};
    let over = false;
    const finish = (result) => {
        if (over) { return; }
        over = true;
        clearTimeout(timer);
        restore.forEach((undo) => undo());
        const exit = process.exitCode || 0;
        process.exitCode = 0;
        say({ seen, exit, output: output.join(''), ...result });
        done();
    };
    const fatal = (error) => {
        finish({ exit: 1, crashed: String((error && error.message) || error) });
        process.exit(0);
    };
    const timer = setTimeout(() => fatal('timed out'), TIME_ALLOWED);

    process.chdir(job.cwd);
    replace(process, 'env', { ...process.env, ...job.env });
    replace(process.stdout, 'write', write);
    replace(process.stderr, 'write', write);
    replace(process, 'exit', (code) => { process.exitCode = code; finish({}); });
    const original = newman.run;
    replace(newman, 'run', (options, callback) => {
        const emitter = original(options, (err, summary) => {
            callback(err, summary);
            finish({ error: err ? String(err.message || err) : undefined });
        });
        emitter && (seen = observe(emitter));
        return emitter;
    });
    process.removeAllListeners('uncaughtException');
    process.on('uncaughtException', fatal);
    // A fresh command line: commander remembers what it has parsed.
    delete require.cache[BIN];
    require(BIN)(['node', 'newman', ...job.args], (error) => error && fatal(error));
}

const lines = readline.createInterface({ input: process.stdin });
const jobs = [];
let busy = false;
const next = () => {
    const job = busy ? undefined : jobs.shift();
    if (!job) { return; }
    busy = true;
    run(job, () => { busy = false; setImmediate(next); });
};
lines.on('line', (line) => { jobs.push(JSON.parse(line)); next(); });
