const { Property, VariableScope } = require('postman-collection');
console.log(Property.replaceSubstitutions('{{a}} {{b}}', [{ a: '1' }]), Property.replaceSubstitutionsIn({ x: '{{a}}' }, [{ a: '2' }]));
const scope = new VariableScope({ values: [{ key: 'k', value: 'v' }] });
console.log(scope.get('k'), scope.replaceIn('{{k}}'));
