// Run by tests/it/sdk.rs as a script, `cases` put before it: reports each case that comes to something else.
const probe = new pm.request.constructor({
  url: 'http://a/?b=c', auth: { type: 'basic' }, body: { mode: 'formdata', formdata: [{ key: 'a', value: 'b' }] },
});
const sdk = {
  Request: pm.request.constructor, Response: pm.response.constructor, Url: probe.url.constructor,
  HeaderList: probe.headers.constructor, Header: probe.headers.Type, QueryParam: probe.url.query.Type,
  PropertyList: probe.url.query.constructor, VariableList: probe.url.variables.constructor,
  Variable: probe.url.variables.Type, RequestBody: probe.body.constructor, RequestAuth: probe.auth.constructor,
  FormParam: probe.body.formdata.Type, CookieList: pm.cookies.constructor, Cookie: pm.cookies.Type,
};
const names = {
  sdk,
  req: (options) => new sdk.Request(options),
  res: (options) => new sdk.Response({ id: 'r', ...options }),
  headers: (definition) => new sdk.HeaderList({}, definition),
  list: (subject, change) => [change(subject), subject],
};

function outcome(source) {
  try {
    const value = new Function(...Object.keys(names), `'use strict'; return (${source});`)(...Object.values(names));
    return JSON.stringify(value === undefined ? '(undefined)' : value) ?? String(value);
  } catch (error) {
    return `${error.name}: ${error.message}`;
  }
}

for (const [source, expected] of cases) {
  pm.test(source, () => {
    const actual = outcome(source);
    if (actual !== expected) throw new Error(`postman: ${expected}\nours:    ${actual}`);
  });
}
