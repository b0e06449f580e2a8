const [first, second] = pm.variables.replaceIn('{{$guid}} {{$guid}}').split(' ');
pm.test('each occurrence is its own', () => pm.expect(first).to.not.equal(second));
