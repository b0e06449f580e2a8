const cheerio = require("cheerio");
const $ = cheerio.load('<ul id="f"><li class="a">Apple &amp; Co</li><li class="b" data-n="2">Pear</li></ul>');
equal($("#f li").length, 2);
equal($("li.a").text(), "Apple & Co");
equal($("ul > li:last-child").attr("data-n"), "2");
$("li.b").addClass("c").text("Plum");
equal($.html("li.b"), '<li class="b c" data-n="2">Plum</li>');
equal($("li").map((_, li) => $(li).text()).get(), ["Apple & Co", "Plum"]);
