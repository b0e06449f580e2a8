/* oracle { "response": { "body": { "status": "PENDING" } } } */
const tries = Number(pm.collectionVariables.get('tries') || 0) + 1;

if (pm.response.json().status === 'PENDING' && tries < 5) {
    pm.collectionVariables.set('tries', tries);
    setTimeout(() => pm.execution.setNextRequest(pm.info.requestName), 5);
}
else {
    pm.collectionVariables.unset('tries');
    pm.test('done', () => pm.expect(pm.response.json().status).to.equal('DONE'));
}
