const { VariableScope, Variable } = require('postman-collection');
console.log(VariableScope.isVariableScope(pm.environment), VariableScope.isVariableScope({}), Variable.isVariable(pm.environment.values.one('count')));
