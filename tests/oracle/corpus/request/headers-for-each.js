pm.request.forEachHeader((header) => console.log(header.key, header.value));
pm.request.headers.each((header) => console.log(header.name, header.valueOf()));
