/* oracle { "response": { "body": "<soap:Envelope xmlns:soap=\"urn:s\"><soap:Body><m:Price xmlns:m=\"urn:m\"><m:Amount>34.5</m:Amount></m:Price></soap:Body></soap:Envelope>" } } */
const body = xml2Json(pm.response.text());
const amount = body['soap:Envelope']['soap:Body']['m:Price']['m:Amount'];

pm.test('amount', () => pm.expect(parseFloat(amount)).to.equal(34.5));
console.log(body);
