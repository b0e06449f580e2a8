const url = new URL('../c?x=1&x=2#h', 'https://user:pw@host.example.com:8080/a/b');
console.log(url.href, url.origin, url.protocol, url.host, url.hostname, url.port, url.pathname, url.search, url.hash, url.username);
url.searchParams.append('y', 'a b&c');
url.port = '443';
url.pathname = '/é';
console.log(url.href, url.searchParams.getAll('x'), String(url), JSON.stringify({ url }));
