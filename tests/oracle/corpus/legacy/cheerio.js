const $ = cheerio.load('<ul><li class="a">one</li><li>two</li></ul>');
console.log($('li').length, $('.a').text(), $('li').eq(1).text(), $('ul').html());
