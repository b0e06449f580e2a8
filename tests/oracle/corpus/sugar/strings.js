console.log('hello world'.capitalize(), 'hello'.first(2), 'hello'.last(2), 'a-b_c d'.camelize(), 'HelloWorld'.underscore(), 'HelloWorld'.dasherize());
console.log('abc'.reverse(), 'x'.repeat(3), '  x '.compact(), 'a,b'.has(','), 'hello'.startsWith('he'), 'hello'.truncate(3), 'abc'.chars());
