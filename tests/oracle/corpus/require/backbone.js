const Backbone = require('backbone');
console.log(typeof Backbone.Model, new Backbone.Collection([{ id: 1 }]).get(1).id);
