pm.test('status 200', () => pm.response.to.have.status(200));
pm.test('status OK', () => pm.response.to.have.status('OK'));
pm.test('status 404', () => pm.response.to.have.status(404));
pm.test('status Not Found', () => pm.response.to.have.status('Not Found'));
pm.test('statusCode', () => pm.response.to.have.statusCode(201));
pm.test('statusReason', () => pm.response.to.have.statusReason('Created'));
pm.test('not status', () => pm.response.to.not.have.status(200));
pm.test('not reason', () => pm.response.to.not.have.status('OK'));
