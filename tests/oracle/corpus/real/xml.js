/* oracle { "response": { "header": [ { "key": "Content-Type", "value": "application/xml" } ], "body": "<?xml version=\"1.0\"?><order id=\"5\"><line sku=\"a\">2</line><line sku=\"b\">1</line></order>" } } */
const order = xml2Json(pm.response.text()).order;

pm.test('order', () => pm.expect(order.$.id).to.equal('5'));
order.line.forEach((line) => pm.test(`sku ${line.$.sku}`, () => pm.expect(Number(line._)).to.be.at.least(2)));
