'use strict';
/**
 * Runs each script of messages.txt in Postman's sandbox and over our files, with the same runner behind both, and compares
 * what they ask of it, what they print and the request they leave.
 * `NODE_PATH=…/node_modules node tests/js/sdk/messages.js [filter]` (needs postman-sandbox 6.7.4).
 */
const fs = require('fs');
const path = require('path');
const { ownFrom } = require('./own');

const context = {
  request: {
    url: 'http://h.com/p/:id?c=d', method: 'POST', header: [{ key: 'A', value: '1' }, { key: 'B', value: '2' }],
    body: { mode: 'raw', raw: 'body' },
  },
  cookies: [
    { name: 'sid', value: 'x%20y', domain: 'h.com', path: '/', secure: true, httpOnly: false, hostOnly: true },
    { name: 'one', value: '1', expires: '2040-01-01T00:00:00.000Z' },
  ],
};

const seed = () => [
  { key: 'a', value: '1', domain: 'h.com', path: '/', hostOnly: true, creation: '2026-01-02T00:00:00.000Z' },
  { key: 'sec', value: '2', domain: 'h.com', path: '/', hostOnly: true, secure: true, creation: '2026-01-01T00:00:00.000Z' },
  { key: 'http', value: '3', domain: 'h.com', path: '/', hostOnly: true, httpOnly: true, creation: '2026-01-03T00:00:00.000Z' },
  { key: 'deep', value: '4', domain: 'h.com', path: '/deep', hostOnly: true, creation: '2026-01-04T00:00:00.000Z' },
  { key: 'dom', value: '5', domain: 'h.com', path: '/', hostOnly: false, creation: '2026-01-05T00:00:00.000Z', expires: '2040-01-01T00:00:00.000Z' },
  { key: 'old', value: '6', domain: 'h.com', path: '/', hostOnly: true, expires: '2001-01-01T00:00:00.000Z', creation: '2001-01-01T00:00:00.000Z' },
  { key: 'gone', value: '6', domain: 'h.com', path: '/', hostOnly: true, maxAge: 5, creation: '2001-01-01T00:00:00.000Z' },
  { key: 'enc', value: 'a%20b', domain: 'h.com', path: '/', hostOnly: true, creation: '2026-01-06T00:00:00.000Z' },
  { key: 'loc', value: '7', domain: 'localhost', path: '/', hostOnly: true, secure: true, creation: '2026-01-06T00:00:00.000Z' },
];

/** The runner behind both: answers `[error, ...results]`. */
function answer(kind, args, store) {
  if (kind === 'request') {
    const { url } = JSON.parse(JSON.stringify(args[0]));
    if ((url.path || [])[0] === 'fail') return [{ message: 'connect ECONNREFUSED', code: 'ECONNREFUSED' }];
    const response = {
      id: 'r', code: 201, header: [{ key: 'X', value: 'y' }], stream: { type: 'Base64', data: btoa('{"a":1}') }, responseTime: 7,
    };
    return [null, response, { cookies: [{ name: 'c', value: 'd' }], execution: { verb: 1 } }];
  }
  const [, method, [domain, cookiePath, key]] = args;
  if (domain === 'fail.com') return ['store is broken'];
  if (method === 'findCookies') return [null, store.filter((each) => domain.endsWith(each.domain))];
  if (method === 'findCookie') {
    return [null, store.find((each) => each.domain === domain && each.path === cookiePath && each.key === key)];
  }
  return [null];
}

/** Times and identifiers differ from run to run. */
const settle = (value) => JSON.parse(JSON.stringify(value, (name, each) => (
  name === 'creation' || name === 'lastAccessed' ? typeof each : each
)) ?? 'null');

function runPostman(source) {
  return new Promise((resolve) => {
    require('postman-sandbox').createContext((failure, sandbox) => {
      if (failure) throw failure;
      const [seen, printed, store] = [[], [], seed()];
      const take = (kind, reply) => (eventId, args) => {
        seen.push([kind, ...settle(args)]);
        sandbox.dispatch(`execution.${reply}.x`, eventId, ...JSON.parse(JSON.stringify(answer(kind, args, store))));
      };
      sandbox.on('console', (_cursor, _level, ...args) => printed.push(...settle(args)));
      sandbox.on('execution.error', (_cursor, error) => printed.push(['error', error && error.message]));
      sandbox.on('execution.request.x', (_cursor, _id, eventId, request) => take('request', 'response')(eventId, [request]));
      sandbox.on('execution.cookies.x', (eventId, ...args) => take('cookies', 'cookies')(eventId, args));
      const code = `const log = (...args) => console.log(...args);\n${source}`;
      sandbox.execute({ listen: 'prerequest', script: { exec: code } }, { id: 'x', context }, (_error, execution) => {
        const { request, cookies } = JSON.parse(JSON.stringify(execution));
        sandbox.disconnect(() => {});
        resolve({ seen, printed, request, cookies });
      });
    });
  });
}

async function runOurs(source) {
  const own = ownFrom('.');
  const [seen, printed, store] = [[], [], seed()];
  let waiting = 0;
  const execution = {
    context: JSON.parse(JSON.stringify(context)),
    ask(kind, args, callback) {
      const asked = settle(args);
      waiting++;
      setTimeout(() => {
        waiting--;
        seen.push([kind, ...asked]);
        callback(...JSON.parse(JSON.stringify(answer(kind, args, store))));
      });
    },
  };
  const pm = {
    request: new (own('./sdk/index').Request)(execution.context.request),
    cookies: own('./cookies')(execution),
    sendRequest: own('./send-request')(execution),
  };
  const log = (...args) => printed.push(...settle(args));
  const AsyncFunction = (async () => {}).constructor;
  await new AsyncFunction('pm', 'log', source)(pm, log).catch((error) => printed.push(['error', error && error.message]));
  do await new Promise((resolve) => setTimeout(resolve, 2)); while (waiting);
  return { seen, printed, request: settle(pm.request), cookies: settle(pm.cookies) };
}

(async () => {
  const unhandled = [];
  process.on('unhandledRejection', (error) => unhandled.push(error));
  const scripts = fs.readFileSync(path.join(__dirname, 'messages.txt'), 'utf8').split('\n')
    .filter((line) => line && !line.startsWith('# ') && line.includes(process.argv[2] ?? ''));
  let differences = 0;
  for (const source of scripts) {
    const [postman, ours] = await Promise.all([runPostman(source), runOurs(source)]);
    ours.printed.push(...unhandled.splice(0).map((error) => ['error', error.message]));
    const parts = Object.keys(postman).filter((part) => canonical(postman[part]) !== canonical(ours[part]));
    if (!parts.length) continue;
    differences++;
    console.log(source);
    for (const part of parts) console.log(`  ${part}\n    postman: ${canonical(postman[part])}\n    ours:    ${canonical(ours[part])}`);
  }
  console.log(`${scripts.length} scripts, ${differences} differences`);
  process.exitCode = differences ? 1 : 0;
})();

/** JSON with sorted keys. */
function canonical(value) {
  return JSON.stringify(value, (_name, each) => (
    each && typeof each === 'object' && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1))) : each
  ));
}
