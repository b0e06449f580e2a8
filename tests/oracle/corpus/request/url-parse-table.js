const { Url } = require('postman-collection');
['http://a.b/c/d?e=f#g', 'a.b', '/only/path?x', 'https://h:1/?', 'http://u@h/', '{{host}}/p/{{v}}?{{q}}', 'http://[::1]:80/x', 'a?b=c=d&&e', 'http://h/a//b/', 'h/#frag?x', ''].forEach((text) => {
    const url = new Url(text);
    console.log(text, JSON.stringify(url), url.toString(), url.getPathWithQuery());
});
