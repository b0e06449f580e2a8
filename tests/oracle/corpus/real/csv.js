/* oracle { "response": { "header": [ { "key": "Content-Type", "value": "text/csv" } ], "body": "id,name\n1,Ann\n2,\"Bob, the\"\n" } } */
const rows = require('csv-parse/lib/sync')(pm.response.text(), { columns: true, skip_empty_lines: true });

pm.test('two rows', () => pm.expect(rows).to.have.lengthOf(2));
pm.test('quoted', () => pm.expect(rows[1].name).to.equal('Bob, the'));
console.log(rows);
