const $ = require('cheerio').load('<table><tr><td>1</td><td><a href="/x">two</a></td></tr></table>');

console.log($('td').map((i, td) => $(td).text()).get(), $('a').attr('href'), $('tr').children().length);
$('a').addClass('link').text('changed');
console.log($('a').toString(), $.html());
