const url = require('url');
const parsed = url.parse('https://u:p@host.example.com:8080/p/a?q=1#h', true);
console.log(parsed.hostname, parsed.port, parsed.pathname, parsed.query.q, parsed.auth, url.resolve('https://a.example.com/b/c', '../d'), url.format({ protocol: 'https', host: 'x.example.com', pathname: '/y' }));
