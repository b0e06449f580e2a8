const Backbone = require("backbone");
const model = new Backbone.Model({ a: 1 });
const heard = [];
model.on("change:a", (_, value) => heard.push(value));
model.set("a", 2);
equal([heard, Backbone.VERSION], [[2], "1.6.0"]);
equal(new Backbone.Collection([{ id: 1, n: 2 }]).pluck("n"), [2]);
