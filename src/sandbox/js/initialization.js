// @ts-check
/**
 * What the `initialize` message brings along as code: templates, which tell a protocol other than HTTP what `pm.request`,
 * `pm.response` and `pm.message` are, and a chai plugin in place of Postman's own.
 */
'use strict';

const { evaluateModule } = own('./scope');

/** What each template exports, by name; `_default` where there is but one. @type {Record<string, any>} */
let registry = {};

/**
 * Evaluates what the message brings.
 * @param {{template?: string, templates?: Record<string, string>, chaiPlugin?: string}} given
 * @throws what the code throws
 */
function prepare({ template, templates, chaiPlugin }) {
  registry = {};
  if (!template && !templates && !chaiPlugin) return;
  const sources = templates || (template ? { _default: template } : {});
  for (const [name, source] of Object.entries(sources)) registry[name] = evaluateModule(source);
  own('./expect').replacePlugin(chosenPlugin(chaiPlugin && evaluateModule(chaiPlugin)));
}

/** A plugin for all protocols is made from their templates; without it one of them may bring its own. @param {any} make */
function chosenPlugin(make) {
  if (typeof make === 'function') return make(registry);
  const plugins = Object.values(registry).map((template) => template.chaiPlugin).filter((plugin) => typeof plugin === 'function');
  if (plugins.length > 1) throw new Error('sandbox: multiple chai plugins are not supported');
  return plugins[0];
}

/** What the template of that name exports. @param {any} given the message @param {string} [name] */
function protocolOf(given, name) {
  if (!given.template && !given.templates) return undefined;
  return (name !== undefined && Object.hasOwn(registry, name) && registry[name]) || registry._default;
}

/** Of several templates, each script must name one. @param {any} given the message @param {any} options */
function isTemplateMissing(given, options) {
  return Boolean(given.templates) && !(options?.templateName && typeof options.templateName === 'string');
}

module.exports = { isTemplateMissing, prepare, protocolOf };
