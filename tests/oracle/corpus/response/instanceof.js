const { Response, Request, HeaderList, Header, PropertyList, Url, CookieList } = require('postman-collection');
console.log(Response.isResponse(pm.response), Request.isRequest(pm.request), HeaderList.isHeaderList(pm.response.headers),
    Header.isHeader(pm.response.headers.idx(0)), PropertyList.isPropertyList(pm.request.url.query), Url.isUrl(pm.request.url), CookieList.isCookieList(pm.cookies));
