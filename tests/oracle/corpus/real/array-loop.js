/* oracle { "response": { "body": { "items": [ { "id": 1, "price": 10 }, { "id": 2, "price": -5 }, { "id": 3 } ] } } } */
const { items } = pm.response.json();

pm.test('has items', () => pm.expect(items).to.be.an('array').that.is.not.empty);
items.forEach((item, index) => {
    pm.test(`item ${index} has a price`, () => {
        pm.expect(item, `item ${item.id}`).to.have.property('price');
        pm.expect(item.price, 'price').to.be.above(0);
    });
});
pm.environment.set('total', items.reduce((sum, item) => sum + (item.price || 0), 0));
