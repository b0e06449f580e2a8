'use strict';
/**
 * Postman's assertions on requests and responses, as a chai plugin. Scripts and reports match on the messages, so they
 * are Postman's to the letter, its slips included: `notAcceptable` wants the reason "Acceptable".
 */

const STATUS_CLASSES = { info: 1, success: 2, redirection: 3, clientError: 4, serverError: 5 };

const STATUSES = {
  accepted: [202, 'ACCEPTED'],
  withoutContent: [204, 'NO CONTENT'],
  badRequest: [400, 'BAD REQUEST'],
  unauthorised: [401, 'UNAUTHORISED'],
  unauthorized: [401, 'UNAUTHORIZED'],
  forbidden: [403, 'FORBIDDEN'],
  notFound: [404, 'NOT FOUND'],
  notAcceptable: [406, 'ACCEPTABLE'],
  rateLimited: [429, 'TOO MANY REQUESTS'],
};

const { isInstance } = own('./sdk/base');
const isRequest = (object) => isInstance(object, own('./sdk/index').Request);
const isResponse = (object) => isInstance(object, own('./sdk/index').Response);

const library = (name) => own('./require').library(name);

function isPlainObject(value) {
  if (Object.prototype.toString.call(value) !== '[object Object]') return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** @returns {{ value?: any, error?: string }} the body as JSON, or why it is none: the first line, without the excerpt */
function parsedBody(response) {
  try {
    return { value: response.json() };
  } catch (error) {
    if (error.name === 'JSONError' && error.message) return { error: error.message.replace(/(.*?)\n.*/g, '$1') };
    return { error: `${error.name}: ${error.message}` };
  }
}

/** The chai the plugin is installed in. @type {any} */
let Assertion;
let util;

/**
 * Fails unless the subject is a response that has these members. chai says so; it is asked only when there is something
 * to say, as each of its assertions costs more than all the looking.
 */
function expectResponse(subject, members = {}) {
  if (!isResponse(subject)) new Assertion(subject).to.be.postmanResponse;
  for (const [name, type] of Object.entries(members)) {
    if (typeof subject[name] === type) continue;
    new Assertion(subject).to.have.property(name);
    new Assertion(subject[name]).to.be.a(type);
  }
}

function assertCode(assertion, expected) {
  const { code } = assertion._obj;
  assertion.assert(
    code === expected,
    'expected response to have status code #{exp} but got #{act}',
    'expected response to not have status code #{act}',
    expected,
    code,
  );
}

function assertReason(assertion, expected, actual) {
  assertion.assert(
    actual === expected,
    'expected response to have status reason #{exp} but got #{act}',
    'expected response to not have status reason #{act}',
    expected,
    actual,
  );
}

function assertStatus(assertion, [code, reason]) {
  const response = assertion._obj;
  expectResponse(response, { reason: 'function', details: 'function' });
  assertReason(assertion, reason, String(response.reason()).toUpperCase());
  const actual = Number(response.details().code);
  assertion.assert(
    actual === code,
    'expected response to have status code #{exp} but got #{act}',
    'expected response to not have status code #{act}',
    code,
    actual,
  );
}

function assertStatusClass(assertion, expected) {
  expectResponse(assertion._obj, { code: 'number' });
  const { code } = assertion._obj;
  assertion.assert(
    Math.floor(code / 100) === expected,
    'expected response code to be #{exp}XX but found #{act}',
    'expected response code to not be #{exp}XX',
    expected,
    code,
  );
}

function assertContent(assertion, body) {
  assertion.assert(
    typeof body === 'string' && body.length,
    'expected response to have content in body',
    'expected response to not have content in body',
  );
}

function assertJson(assertion, error) {
  assertion.assert(
    !error,
    `expected response body to be a valid json but got error ${error}`,
    'expected response body not to be a valid json',
  );
}

function addKinds() {
  const kinds = {
    postmanRequest: [isRequest, 'request'],
    postmanResponse: [isResponse, 'response'],
    postmanRequestOrResponse: [(object) => isResponse(object) || isRequest(object), 'request or response'],
  };
  for (const [name, [test, what]] of /** @type {[string, [(object: any) => boolean, string]][]} */ (Object.entries(kinds))) {
    Assertion.addProperty(name, function () {
      this.assert(
        test(this._obj),
        `expecting a postman ${what} object but got #{this}`,
        `not expecting a postman ${what} object`,
      );
    });
  }
}

function addStatusClasses() {
  Assertion.addMethod('statusCodeClass', function (expected) {
    assertStatusClass(this, expected);
  });
  for (const [name, expected] of Object.entries(STATUS_CLASSES)) {
    Assertion.addProperty(name, function () {
      assertStatusClass(this, expected);
    });
  }
  Assertion.addProperty('error', function () {
    expectResponse(this._obj, { code: 'number' });
    const { code } = this._obj;
    this.assert(
      [4, 5].includes(Math.floor(code / 100)),
      'expected response code to be 4XX or 5XX but found #{act}',
      'expected response code to not be 4XX or 5XX',
      null,
      code,
    );
  });
}

function addStatuses() {
  for (const [name, status] of /** @type {[string, [any, any]][]} */ (Object.entries(STATUSES))) {
    Assertion.addProperty(name, function () {
      assertStatus(this, status);
    });
  }
  // chai has an `ok` of its own, which anything but a response keeps
  Assertion.addProperty('ok', function () {
    if (isResponse(this._obj)) return assertStatus(this, [200, 'OK']);
    return this.assert(util.flag(this, 'object'), 'expected #{this} to be truthy', 'expected #{this} to be falsy');
  });
  Assertion.addMethod('statusCode', function (code) {
    expectResponse(this._obj, { code: 'number' });
    assertCode(this, Number(code));
  });
  Assertion.addMethod('statusReason', function (reason) {
    expectResponse(this._obj, { reason: 'function' });
    assertReason(this, String(reason), this._obj.reason());
  });
  Assertion.addMethod('status', function (expected) {
    const byCode = typeof expected === 'number' || expected instanceof Number;
    expectResponse(this._obj, byCode ? { code: 'number' } : { reason: 'function' });
    if (byCode) assertCode(this, Number(expected));
    else assertReason(this, expected, this._obj.reason());
  });
}

function addHeader() {
  Assertion.addMethod('header', function (name, value) {
    if (!isResponse(this._obj)) new Assertion(this._obj).to.be.postmanRequestOrResponse;
    if (!('headers' in this._obj)) new Assertion(this._obj).to.have.property('headers');
    const owner = isRequest(this._obj) ? 'request' : 'response';
    const { headers } = this._obj;
    const found = headers.has(name);
    this.assert(
      found,
      `expected ${owner} to have header with key '${String(name)}'`,
      `expected ${owner} to not have header with key '${String(name)}'`,
      true,
      found,
    );
    if (arguments.length < 2) return;
    const actual = headers.one(name).value;
    this.assert(
      actual === value,
      `expected '${String(name)}' ${owner} header to be #{exp} but got #{act}`,
      `expected '${String(name)}' ${owner} header to not be #{act}`,
      value,
      actual,
    );
  });
}

function assertJsonEqual(assertion, expected) {
  expectResponse(assertion._obj, { json: 'function' });
  const { value } = parsedBody(assertion._obj);
  assertion.assert(
    library('lodash').isEqual(value, expected),
    'expected response body json to equal #{exp} but got #{act}',
    'expected response body json to not equal #{exp} but got #{act}',
    expected,
    value,
  );
}

function assertText(assertion, expected, body) {
  if (expected instanceof RegExp) {
    assertion.assert(
      expected.exec(body) !== null,
      'expected response body text to match #{exp} but got #{act}',
      'expected response body text #{act} to not match #{exp}',
      expected,
      body,
    );
    return;
  }
  assertion.assert(
    body === expected,
    'expected response body to equal #{exp} but got #{act}',
    'expected response body to not equal #{exp}',
    expected,
    body,
  );
}

function addBody() {
  Assertion.addProperty('withBody', function () {
    expectResponse(this._obj, { text: 'function' });
    assertContent(this, this._obj.text());
  });
  Assertion.addProperty('json', function () {
    expectResponse(this._obj, { json: 'function' });
    assertJson(this, parsedBody(this._obj).error);
  });
  Assertion.addMethod('body', function (expected) {
    expectResponse(this._obj);
    if (isPlainObject(expected)) return assertJsonEqual(this, expected);
    expectResponse(this._obj, { text: 'function' });
    const body = this._obj.text();
    return arguments.length === 0 ? assertContent(this, body) : assertText(this, expected, body);
  });
}

function addJsonBody() {
  Assertion.addMethod('jsonBody', function (path, expected) {
    expectResponse(this._obj, { json: 'function' });
    const body = parsedBody(this._obj);
    if (arguments.length === 0) return assertJson(this, body.error);
    if (typeof path !== 'string') return undefined;
    const { get, has, isEqual } = library('lodash');
    this.assert(
      has(body.value, path),
      'expected #{act} in response to contain property #{exp}',
      'expected #{act} in response to not contain property #{exp}',
      path,
      body.value,
    );
    if (arguments.length < 2) return undefined;
    const actual = get(body.value, path);
    return this.assert(
      isEqual(actual, expected),
      `expected response body json at "${path}" to contain #{exp} but got #{act}`,
      `expected response body json at "${path}" to not contain #{exp} but got #{act}`,
      expected,
      actual,
    );
  });
}

/**
 * A property that turns the subject into a number, to be called (`responseTime(5)`) or chained
 * (`responseTime.below(5)`).
 */
function addMeasure(name, member, type, read, equal) {
  const valid = `expected response to have a valid ${name[1]} but got #{act}`;
  const invalid = `expected response to not have a valid ${name[1]} but got #{act}`;
  Assertion.addChainableMethod(
    name[0],
    function (expected) {
      const actual = util.flag(this, 'number');
      this.assert(typeof actual === 'number', valid, invalid, null, actual);
      if (arguments.length) equal(this, expected, actual, [valid, invalid]);
    },
    function () {
      expectResponse(this._obj);
      if (!(member in /** @type {any} */ (this)._obj)) new Assertion(this._obj).to.have.property(member);
      if (type) expectResponse(this._obj, { [member]: type });
      const value = read(this._obj);
      util.flag(this, 'number', value);
      this._obj = value;
    },
  );
}

function addMeasures() {
  addMeasure(
    ['responseTime', 'response time'],
    'responseTime',
    undefined,
    (response) => response.responseTime,
    (assertion, expected, actual, messages) => assertion.assert(actual === expected, ...messages, null, actual),
  );
  addMeasure(
    ['responseSize', 'response size'],
    'size',
    'function',
    (response) => {
      const { header, body } = response.size();
      return (header || 0) + (body || 0);
    },
    // Postman names expected and actual the wrong way round, twice
    (assertion, expected, actual) => assertion.assert(
      actual === expected,
      'expected response size to equal #{act} but got #{exp}',
      'expected response size to not equal #{act} but got #{exp}',
      expected,
      actual,
    ),
  );
}

function addSchema() {
  Assertion.addMethod('jsonSchema', function (schema, options) {
    if (Object.prototype.toString.call(schema) !== '[object Object]') new Assertion(schema).to.be.an('object');
    const subject = this._obj;
    const carriesJson = isResponse(subject) || (isRequest(subject) && typeof subject.json === 'function');
    const Ajv = library('ajv');
    const ajv = new Ajv({ allErrors: true, logger: false, ...options });
    const valid = ajv.validate(schema, carriesJson ? subject.json() : subject);
    this.assert(
      valid && !ajv.errors,
      `expected data to satisfy schema but found following errors: \n${ajv.errorsText()}`,
      'expected data to not satisfy schema',
      true,
      valid,
    );
  });
}

/** @param {{ Assertion: Function, util: Object }} chai */
module.exports = function postmanAssertions(chai) {
  ({ Assertion, util } = chai);
  addKinds();
  addStatusClasses();
  addStatuses();
  addHeader();
  addBody();
  addJsonBody();
  addMeasures();
  addSchema();
};
