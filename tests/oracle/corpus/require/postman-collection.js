const sdk = require('postman-collection');
const request = new sdk.Request({ url: 'https://a.example.com/x?y=1', header: [{ key: 'A', value: 'b' }] });

console.log(request.method, request.url.getHost(), request.headers.get('A'), request.url.query.get('y'));
console.log(new sdk.Collection({ item: [{ name: 'one', request: 'https://x.example.com' }] }).items.count(), sdk.Url.parse('https://a.b/c').host);
console.log(['Collection', 'Item', 'ItemGroup', 'Request', 'Response', 'Header', 'HeaderList', 'Url', 'QueryParam', 'Cookie', 'CookieList', 'Variable', 'VariableScope', 'Event', 'Script', 'PropertyList', 'FormParam', 'RequestBody', 'RequestAuth', 'Description', 'Version', 'Certificate', 'ProxyConfig'].filter((name) => typeof sdk[name] !== 'function'));
