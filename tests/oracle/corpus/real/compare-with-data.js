/* oracle { "context": { "data": { "expectedName": "Rex", "expectedCode": 200 } } } */
pm.test(`row ${pm.info.iteration}: code`, () => pm.expect(pm.response.code).to.equal(pm.iterationData.get('expectedCode')));
pm.test(`row ${pm.info.iteration}: name`, () => pm.expect(pm.response.json().name).to.eql(data.expectedName));
