const query = pm.request.url.query;
console.log(query.get('limit'), query.get('tag'), query.get('nope'), query.has('limit'), query.count());
console.log(query.toObject(), query.all().map(String), query.map((param) => param.key));
