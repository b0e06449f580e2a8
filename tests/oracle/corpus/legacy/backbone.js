console.log(typeof Backbone, typeof Backbone.Model, new Backbone.Model({ a: 1 }).get('a'));
