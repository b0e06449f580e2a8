'use strict';

/** The request and the response as the plain values the legacy globals show. */

/** Above this many bytes `responseBody` is undefined. */
const LARGEST_BODY = 50 * 1024 * 1024;

/** Parameters as an object; a name that comes again makes a list. */
function parameters(list) {
  const object = {};
  for (const { key, value, disabled } of list) {
    if (disabled) continue;
    if (!object[key]) object[key] = value;
    else if (Array.isArray(object[key])) object[key].push(value);
    else object[key] = [object[key], value];
  }
  return object;
}

function bodyOf({ body }) {
  if (!body || body.isEmpty()) return {};
  const content = body[body.mode];
  const list = typeof content?.all === 'function' ? content.all() : content;
  switch (body.mode) {
    case 'raw':
      return list || {};
    case 'urlencoded':
    case 'formdata':
      return parameters(list);
    case 'file':
      return body.file?.content || {};
    default:
      return {};
  }
}

/** The global `request`. */
function request(execution) {
  const { request: sent } = execution;
  if (!sent) return {};
  const { legacy } = execution.options;
  return {
    id: legacy?._itemId,
    name: legacy?._itemName,
    description: sent.description ? sent.description.toString() : undefined,
    headers: sent.headers.toObject(true, false, true, true),
    method: sent.method,
    url: sent.url.toString(),
    data: bodyOf(sent),
  };
}

function responseHeaders(response) {
  const object = {};
  response.headers?.each((header) => {
    if (header && !header.disabled) object[header.key] = header.value;
  });
  return object;
}

function responseBody(response) {
  return response.responseSize > LARGEST_BODY ? undefined : response.text();
}

module.exports = { request, responseBody, responseHeaders };
