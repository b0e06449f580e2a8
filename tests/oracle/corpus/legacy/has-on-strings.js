tests['has'] = 'hello'.has('ell');
tests['not'] = responseBody.has('zebra');
