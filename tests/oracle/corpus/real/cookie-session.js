const jar = pm.cookies.jar();

jar.set('https://api.example.com', 'session', 'new', (error) => {
    if (error) { console.error(error.message); }
    jar.getAll('https://api.example.com', (inner, cookies) => pm.test('session kept', () => pm.expect(cookies.get('session')).to.equal('new')));
});
