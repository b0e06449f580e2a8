/* oracle { "requests": { "GET https://api.example.com/pets?page=1": { "code": 200, "body": { "items": [1, 2], "next": 2 } }, "GET https://api.example.com/pets?page=2": { "code": 200, "body": { "items": [3], "next": null } } } } */
let page = 1;
const all = [];

while (page) {
    const response = await pm.sendRequest(`https://api.example.com/pets?page=${page}`);
    const body = response.json();
    all.push(...body.items);
    page = body.next;
}
pm.test('every page', () => pm.expect(all).to.eql([1, 2, 3]));
