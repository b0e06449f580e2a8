'use strict';
/**
 * Response: what came back, and its body as text or JSON.
 */
const { choose, isObject, lazily, mergeDefined } = own('./lang');
const { Property, isInstance, toJSON } = own('./base');
const { HeaderList } = own('./header');
const { isNumeric } = own('./request');
const { decode, fromBase64, latin1, utf8Length } = own('./bytes');
const { reasonOf } = own('./reasons');
const { library, libraryIfBuilt, sdk } = own('./library');

/** The bytes of a serialised Buffer; undefined for anything else. @param {any} stream */
function bytesOf(stream) {
  if (stream instanceof Uint8Array) return stream;
  if (stream.type === 'Base64' && typeof stream.data === 'string') return fromBase64(stream.data);
  if (stream.type === 'Buffer' && Array.isArray(stream.data)) return Uint8Array.from(stream.data);
  return undefined;
}

class Response extends Property {
  static name = 'PostmanResponse';

  /** @type {Uint8Array | undefined} the body's bytes; `stream` makes a Buffer of them when a script asks */
  #bytes;
  /** @type {string | undefined} a body that came as text alone; `stream` makes a Buffer of it when a script asks */
  #text;
  /** @type {{charset: string | undefined, text: string} | undefined} */
  #decoded;
  /** @type {any[] | undefined} the headers as they came, until somebody asks for the list */
  #headers;
  /** @type {{code: any, reason: any}} the code that came, and what it was called */
  #named = { code: undefined, reason: undefined };

  constructor(/** @type {any} */ options) {
    super(options);
    this.update(options || {});
  }

  static isResponse(/** @type {any} */ object) {
    return isInstance(object, Response);
  }

  static createFromNode(/** @type {any} */ response, /** @type {any} */ cookies) {
    return new Response({
      cookie: cookies, body: response.body.toString(), stream: response.body, header: response.headers,
      code: response.statusCode, status: response.statusMessage, responseTime: response.elapsedTime,
    });
  }

  static mimeInfo() {
    throw new Error('`Response.mimeInfo` has been discontinued, use `Response#contentInfo` instead.');
  }

  static timingPhases(/** @type {any} */ timings) {
    return sdk().Response.timingPhases(timings);
  }

  update(/** @type {any} */ options) {
    const { originalRequest, header, cookie, body, stream } = options;
    const reason = choose(options.reason, options.status) ?? reasonOf(options.code);
    const bytes = stream ? bytesOf(stream) : undefined;
    this.#named = { code: options.code, reason };
    lazily(this, '_details', () => this.details());
    mergeDefined(this, {
      originalRequest: originalRequest ? new (own('./request').Request)(originalRequest) : undefined,
      status: reason,
      code: options.code,
    });
    // Scripts look at few of these, and a list costs more than all the rest.
    this.#headers = Array.isArray(header) ? header : undefined;
    lazily(this, 'headers', () => {
      this.#headers = undefined;
      return new HeaderList(this, header);
    });
    // The runner tells a text and its size on the wire; what a script makes has its bytes, or none. Of the two only the
    // latter is Postman's to have a `body`: a response of a run has a `stream`.
    const isTold = typeof body === 'string' && !stream && options.responseSize !== undefined;
    if (body !== undefined && !isTold) this.body = body;
    if (isObject(body)) this.#keep(body);
    else if (stream) this.#keep(bytes || stream);
    else if (isTold) this.#keepText(body);
    lazily(this, 'cookies', () => new (own('./cookie').CookieList)(this, cookie));
    mergeDefined(this, {
      responseTime: options.responseTime,
      responseSize: this.#text === undefined ? (bytes ? bytes.byteLength : stream?.byteLength) : options.responseSize,
      downloadedBytes: options.downloadedBytes,
    });
  }

  /** Keeps bytes as they are: a Buffer costs a library, so they become one when a script looks at `stream`. */
  #keep(/** @type {any} */ stream) {
    this.#decoded = undefined;
    this.#bytes = stream instanceof Uint8Array ? stream : undefined;
    if (!this.#bytes) {
      this.stream = stream;
      return;
    }
    lazily(this, 'stream', () => library('buffer').Buffer.from(stream));
  }

  /** Keeps a text as it is, for the same reason. */
  #keepText(/** @type {string} */ text) {
    this.#text = text;
    lazily(this, 'stream', () => library('buffer').Buffer.from(text));
  }

  /** The text, unless a script has had the chance to change its bytes. */
  #pristineText() {
    return Object.getOwnPropertyDescriptor(this, 'stream')?.get ? this.#text : undefined;
  }

  /** The bytes, unless a script has had the chance to change them. */
  #pristine() {
    return this.#bytes && Object.getOwnPropertyDescriptor(this, 'stream')?.get ? this.#bytes : undefined;
  }

  /** A header's value, without making a HeaderList of what nobody looked at. @param {string} name in lower case */
  #header(name) {
    if (!this.#headers) return this.headers.get(name);
    return this.#headers.findLast((each) => typeof each?.key === 'string' && each.key.toLowerCase() === name)?.value;
  }

  /** The charset the headers name, folded as Postman folds it. */
  #charset() {
    const type = this.#header('content-type');
    const named = typeof type === 'string'
      ? /(?:charset|encoding)\s{0,10}=\s{0,10}['"]? {0,10}([\w-]{1,100})/i.exec(type) : null;
    return named ? named[1].toLowerCase() : undefined;
  }

  text() {
    const text = this.#pristineText();
    if (text !== undefined) return text;
    const bytes = this.#pristine() || this.stream;
    if (!bytes) return this.body;
    if (typeof bytes === 'string') return bytes;
    if (!(bytes instanceof Uint8Array)) return latin1(new Uint8Array(bytes));
    const charset = this.#charset();
    if (bytes !== this.#bytes) return decode(bytes, charset);
    if (!this.#decoded || this.#decoded.charset !== charset) this.#decoded = { charset, text: decode(bytes, charset) };
    return this.#decoded.text;
  }

  json(/** @type {any} */ reviver, /** @type {any} */ strict) {
    return parseJson(this.text(), reviver, strict);
  }

  jsonp(/** @type {any} */ reviver, /** @type {any} */ strict) {
    const text = this.text() || '';
    return parseJson(text.replace(/^[^{(].*\(/, '').replace(/\)[^}].*$|\)$/, ''), reviver, strict);
  }

  reason() {
    return this.status || reasonOf(this.code);
  }

  /** Name, standard name and explanation of the status; the long explanations are the real SDK's. */
  details() {
    const details = sdk().Response.prototype.details.call({ code: this.code });
    const { code, reason } = this.#named;
    return reason !== undefined && code === this.code ? { ...details, name: reason } : details;
  }

  contentInfo() {
    return sdk().Response.prototype.contentInfo.call(this);
  }

  mime() {
    throw new Error('`Response#mime` has been discontinued, use `Response#contentInfo` instead.');
  }

  dataURI() {
    const { contentType } = this.contentInfo();
    const bytes = this.stream;
    const body = bytes instanceof Uint8Array ? latin1(bytes) : bytes ?? this.body ?? '';
    return `data:${contentType};base64, ${btoa(body)}`;
  }

  /** Bytes of body and header block. */
  size() {
    const line = `HTTP/X.X ${this.code} ${this.reason()}\r\n\r\n`;
    const header = line.length + this.headers.contentSize();
    const body = this.#bodySize();
    return { body, header, total: (body || 0) + header };
  }

  #bodySize() {
    const length = this.#header('content-length');
    if (isNumeric(this.downloadedBytes)) return this.downloadedBytes;
    if (length && isNumeric(length)) return parseInt(length, 10);
    const text = this.#pristineText();
    if (text !== undefined) return utf8Length(text);
    const stream = this.#pristine() || this.stream;
    if (stream && isNumeric(stream.byteLength)) return stream.byteLength;
    return this.body === null || this.body === undefined ? 0 : utf8Length(this.body.toString());
  }

  encoding() {
    const declared = this.#header('content-encoding');
    if (declared) return { format: declared, source: 'header' };
    const body = this.#pristineText() ?? (this.#pristine() || this.stream || this.body);
    const gzip = body && body[0] === 0x1f && body[1] === 0x8b && body[2] === 0x8;
    return { format: gzip ? 'gzip' : declared, source: gzip ? 'body' : undefined };
  }

  toJSON() {
    const told = Object.getOwnPropertyDescriptors(this);
    delete told._details;
    return toJSON(Object.defineProperties({}, told));
  }
}
Response._postman_propertyName = 'Response';
/** @type {any} */ (Response.prototype)._postman_propertyRequiresId = true;

/**
 * JSON as Postman reads it: a byte order mark is forgiven, and an error says where it is.
 * The verbose parser is loaded only once the engine's own has refused the text.
 * @param {any} text
 * @param {any} reviver
 * @param {any} strict
 */
function parseJson(text, reviver, strict) {
  try {
    return JSON.parse(text, reviver);
  } catch (error) {
    const verbose = text === undefined ? undefined : libraryIfBuilt('json');
    if (verbose) return verbose.parse(text, reviver, strict);
    const message = text === undefined ? '"undefined" is not valid JSON' : /** @type {Error} */ (error).message;
    throw Object.assign(new SyntaxError(message), { name: 'JSONError' });
  }
}

module.exports = { Response };
