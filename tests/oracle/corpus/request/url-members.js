const url = pm.request.url;
console.log(url.protocol, url.host, url.port, url.path, url.hash);
console.log(url.getHost(), url.getPath(), url.getPathWithQuery(), url.getQueryString(), url.getRemote());
console.log(url.getRemote(true), url.toString(true), url.getOAuth1BaseUrl());
