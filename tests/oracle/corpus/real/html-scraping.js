/* oracle { "response": { "body": "<html><body><form><input type=\"hidden\" name=\"csrf\" value=\"tok-1\"><input name=\"q\"></form><h1> Title </h1></body></html>" } } */
const $ = cheerio.load(pm.response.text());

pm.environment.set('csrf', $('input[name="csrf"]').val());
pm.test('title', () => pm.expect($('h1').text().trim()).to.equal('Title'));
console.log($('input').map((i, input) => $(input).attr('name')).get());
