pm.test('has', () => pm.response.to.have.header('Content-Type'));
pm.test('any case', () => pm.response.to.have.header('x-request-id', 'req-42'));
pm.test('missing', () => pm.response.to.have.header('X-Nope'));
pm.test('other value', () => pm.response.to.have.header('X-Request-Id', 'other'));
pm.test('missing with value', () => pm.response.to.have.header('X-Nope', 'v'));
pm.test('not', () => pm.response.to.not.have.header('X-Request-Id'));
pm.test('not value', () => pm.response.to.not.have.header('X-Request-Id', 'req-42'));
