const body = pm.response.json();

pm.environment.set('petId', body.id);
pm.globals.set('pet', JSON.stringify(body));
pm.collectionVariables.set('tags', body.tags);
pm.test('Status code is 200', function () { pm.response.to.have.status(200); });
pm.test('Response time is less than 200ms', function () { pm.expect(pm.response.responseTime).to.be.below(200); });
pm.test('Content-Type is present', function () { pm.response.to.have.header('Content-Type'); });
pm.test('Body matches string', function () { pm.expect(pm.response.text()).to.include('string_you_want_to_search'); });
