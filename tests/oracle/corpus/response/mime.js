pm.test('discontinued', () => pm.response.mime());
