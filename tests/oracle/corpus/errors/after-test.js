pm.test('one', () => {});
pm.environment.set('kept', 'yes');
throw new Error('later');
