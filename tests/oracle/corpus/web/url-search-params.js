const params = new URLSearchParams('a=1&b=2&a=3');
params.append('c', 'x y');
params.delete('b');
params.set('a', 'é');
params.sort();
console.log(params.toString(), [...params], params.has('a'), params.get('nope'), new URLSearchParams({ k: 'v', l: '&' }).toString(), new URLSearchParams([['p', '1'], ['p', '2']]).getAll('p'), Object.fromEntries(params));
