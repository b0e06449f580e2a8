const jar = pm.cookies.jar();

[() => jar.get(), () => jar.get('https://a.example.com'), () => jar.set('https://a.example.com'), () => jar.set(), () => jar.unset('https://a.example.com'), () => jar.clear(), () => jar.getAll()].forEach((call, index) => {
    try {
        const result = call();
        result && result.then && result.then((value) => console.log(index, 'resolved', value), (error) => console.log(index, 'rejected', error.message));
    }
    catch (error) { console.log(index, error.name, error.message); }
});
