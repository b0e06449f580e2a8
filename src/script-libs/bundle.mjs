// Bundles what scripts may require: one file a module, `(function(require,module,exports,globalThis,console){…})`, and one text
// with the licences of everything that went in.
//
//     node bundle.mjs OUT        writes OUT/<module name>.js and OUT/THIRD-PARTY.txt
//
// A name under `internal/` is for the sandbox itself: scripts cannot require it. Versions are those of Postman's
// sandbox 6.7, down to browserify's old stand-ins for Node's modules, because scripts print what they return.

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const resolve = createRequire(import.meta.url).resolve;
const shim = (name) => join(here, "shims", `${name}.js`);

/** Module name → the file it is bundled from. */
const modules = {
  _process: resolve("process/browser.js"),
  ajv: resolve("ajv"),
  assert: resolve("assert/build/assert.js"),
  atob: shim("atob"),
  backbone: resolve("backbone"),
  btoa: shim("btoa"),
  buffer: shim("buffer"),
  chai: shim("chai"),
  cheerio: resolve("cheerio"),
  "crypto-js": resolve("crypto-js"),
  "csv-parse/lib/sync": resolve("csv-parse/lib/sync"),
  events: resolve("events/"),
  fs: shim("fs"),
  json: resolve("liquid-json"),
  lodash: resolve("lodash"),
  moment: resolve("moment/min/moment.min.js"),
  os: resolve("os-browserify/browser.js"),
  path: resolve("path-browserify"),
  "postman-collection": resolve("postman-collection"),
  punycode: resolve("punycode/"),
  querystring: resolve("querystring-es3"),
  stream: resolve("stream-browserify"),
  string_decoder: resolve("string_decoder/"),
  timers: resolve("timers-browserify"),
  tv4: resolve("tv4"),
  url: resolve("url/"),
  util: resolve("util/"),
  uuid: shim("uuid"),
  xml2js: resolve("xml2js"),
  "internal/event-target": shim("event-target"),
  "internal/faker": resolve("@faker-js/faker/locale/en"),
  "internal/iconv-lite": resolve("iconv-lite"),
  "internal/lodash3": resolve("lodash3"),
  "internal/streams": resolve("web-streams-polyfill"),
  "internal/structured-clone": shim("structured-clone"),
  "internal/sugar": resolve("sugar/release/sugar-full.development.js"),
  "internal/tr46": resolve("tr46"),
  "internal/url": resolve("whatwg-url"),
};

/** What one module takes from another at run time, so that all share one instance. */
const shared = [
  "_process",
  "buffer",
  "chai",
  "events",
  "lodash",
  "os",
  "path",
  "punycode",
  "querystring",
  "stream",
  "string_decoder",
  "timers",
  "url",
  "util",
];

/** Not bundled: backbone asks for jquery in a try, and nothing here has a document. */
const absent = ["jquery"];

/** Files that are bundled already, and reach for `require` in ways a bundler refuses. */
const verbatim = ["moment"];

/** Stand-ins for the platform's own classes, whose names show. */
const webPlatform = ["buffer", "internal/event-target", "internal/streams", "internal/url"];

/** Files that look for the global object in `this`. */
const globalThisArg = ["internal/sugar"];

/** Options of one bundle. */
const particular = {
    // Most scripts load these two, and have no Buffers.
  chai: { inject: [shim("lazy-buffer"), shim("process")] },
  lodash: { inject: [shim("lazy-root")] },
    // It passes on `window` as the `this` of the host's functions.
  timers: { define: { window: "globalThis" } },
    // It would extend the Event there is, which is its own.
  "internal/event-target": { inject: [shim("own-global")] },
  "internal/structured-clone": { inject: [shim("own-global")] },
};

const options = {
  absWorkingDir: here,
  bundle: true,
  charset: "utf8",
    // Browserify ignores the `browser` field as Postman's sandbox configures it.
  platform: "neutral",
  mainFields: ["main"],
  format: "cjs",
  target: "es2023",
  minify: true,
  legalComments: "none",
  define: { global: "globalThis" },
  inject: [shim("globals")],
  metafile: true,
  write: false,
  logLevel: "warning",
};

/** Parts too large to load with the module that names them, but which a script hardly ever reaches. */
const deferred = {
  chai: { util: shim("util-inspect") },
  "internal/url": { tr46: shim("tr46") },
  "postman-collection": { "@faker-js/faker/locale/en": shim("faker"), "iconv-lite": shim("iconv-lite") },
};

/** Files of chai that others stand in for, where these ask for them. */
const UTILS = /\/chai\/utils\/\w+\.js$/;
const replaced = {
  chai: [
    { file: "proxify", by: shim("chai-proxify"), askedBy: UTILS },
    { file: "transferFlags", by: shim("chai-transfer-flags"), askedBy: UTILS },
    { file: "isProxyEnabled", by: shim("chai-no-proxy"), askedBy: /\/(add|overwrite)Property\.js$/ },
  ],
};

/** Where a bundle's `require`s go: by their exact name, as `punycode` and `punycode/` are two packages. */
function routes(name) {
  const within = {
        // `inherits` asks `util` for its one function, and would load all of it.
    inherits: resolve("inherits/inherits_browser.js"),
        // A module that requires itself (stream, util) means the one being bundled.
    [name]: shared.includes(name) && modules[name],
    mime: shim("mime"),
    ...deferred[name],
  };
  return {
    name: "routes",
    setup(bundler) {
      for (const { file, by, askedBy } of replaced[name] ?? []) {
        const filter = new RegExp(`^\\./${file}$`);
        bundler.onResolve({ filter }, ({ importer }) => (askedBy.test(importer) ? { path: by } : undefined));
      }
      bundler.onResolve({ filter: /^[^./]/ }, ({ path }) => {
        if (within[path]) return { path: within[path] };
        if (shared.includes(path) || absent.includes(path) || path.startsWith("internal/")) {
          return { path, external: true };
        }
      });
    },
  };
}

async function bundle(name) {
  const entry = modules[name];
  if (verbatim.includes(name)) {
    return { text: readFileSync(entry, "utf8"), inputs: [relative(here, entry)] };
  }
  const result = await build({
    ...options,
    entryPoints: [entry],
    plugins: [routes(name)],
    ...particular[name],
    keepNames: webPlatform.includes(name),
  });
  return { text: result.outputFiles[0].text, inputs: Object.keys(result.metafile.inputs) };
}

function wrap(name, text) {
  const body = globalThisArg.includes(name) ? `(function(){${text}\n}).call(globalThis)` : text;
  return `(function(require,module,exports,globalThis,console){${body}\n})`;
}

/** `node_modules/a/node_modules/@b/c/lib/d.js` → `node_modules/a/node_modules/@b/c`; nothing for our own shims. */
function packageFolder(input) {
  const parts = input.split("/");
  const at = parts.lastIndexOf("node_modules");
  if (at < 0) return undefined;
  return parts.slice(0, at + (parts[at + 1].startsWith("@") ? 3 : 2)).join("/");
}

function licence(folder) {
  const about = JSON.parse(readFileSync(join(here, folder, "package.json"), "utf8"));
  const id = about.license?.type ?? about.license ?? about.licenses?.map((one) => one.type ?? one).join(" OR ");
  const files = readdirSync(join(here, folder)).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file));
  const read = (file) => readFileSync(join(here, folder, file), "utf8").replaceAll("\r\n", "\n").trim();
  const title = `${about.name} ${about.version} (${id ?? "see below"})`;
  if (files.length) return { title, texts: files.map(read) };
    // Some old packages have it at the end of their readme, a few have no more than the name of a licence.
  const readme = readdirSync(join(here, folder)).find((file) => /^readme/i.test(file));
  const section = readme && read(readme).match(/^#+ *licen[cs]e[^]*/im)?.[0];
  if (!section && !id) throw new Error(`${folder}: no licence to be found`);
  const author = about.author?.name ?? about.author ?? "its authors";
  return { title, texts: [section ?? `Copyright (c) ${author}. Its package.json says: ${id}.`] };
}

function thirdParty(inputs) {
  const folders = new Set([...inputs].map(packageFolder).filter(Boolean));
  const licences = new Map();
  for (const folder of folders) {
    const { title, texts } = licence(folder);
    licences.set(title, texts.join("\n\n"));
  }
  const rule = "-".repeat(80);
  return [...licences]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([title, text]) => `${rule}\n${title}\n${rule}\n\n${text}\n`)
    .join("\n");
}

const out = process.argv[2];
if (!out || existsSync(join(out, "THIRD-PARTY.txt"))) {
  throw new Error("usage: node bundle.mjs OUT, a folder that holds no bundles yet");
}
const inputs = new Set();
for (const name of Object.keys(modules)) {
  const { text, inputs: of } = await bundle(name);
  of.forEach((input) => inputs.add(input));
  const file = join(out, `${name}.js`);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, wrap(name, text));
}
writeFileSync(join(out, "THIRD-PARTY.txt"), thirdParty(inputs));
