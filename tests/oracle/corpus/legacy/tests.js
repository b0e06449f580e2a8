tests['status is 200'] = responseCode.code === 200;
tests['has a body'] = responseBody.has('Rex');
tests['fails'] = responseCode.code === 404;
tests['truthy'] = 1;
tests['undefined'] = undefined;
tests['text'] = 'yes';
tests['null'] = null;
