const { PropertyList, Header, QueryParam, Variable, Cookie, FormParam } = require('postman-collection');
const list = new PropertyList(Header, null, [{ key: 'A', value: '1' }, { key: 'B', value: '2' }]);

list.add({ key: 'C', value: '3' });
list.remove('A');
console.log(list.count(), list.toObject(), list.has('b'), Header.parse('X: 1\r\nY: 2'), Header.unparse([{ key: 'K', value: 'v' }]));
console.log(QueryParam.parse('a=1&b&c='), QueryParam.unparse([{ key: 'x', value: 'y z' }]), new Variable({ key: 'v', value: '5', type: 'number' }).get(), Cookie.parse('s=1; Path=/; HttpOnly'), new FormParam({ key: 'a', value: 'b' }).toString());
