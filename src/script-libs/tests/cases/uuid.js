const uuid = require("uuid");
const v4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
equal([v4.test(uuid()), v4.test(uuid.v4()), uuid() === uuid()], [true, true, false]);
equal(Object.keys(uuid), ["v4"]);
