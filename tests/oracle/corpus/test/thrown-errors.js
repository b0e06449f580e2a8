class ApiError extends Error {
    constructor (message) { super(message); this.name = 'ApiError'; this.code = 7; }
}

pm.test('type', () => { throw new TypeError('t'); });
pm.test('custom', () => { throw new ApiError('c'); });
pm.test('no message', () => { throw new Error(); });
pm.test('cause', () => { throw new Error('outer', { cause: new Error('inner') }); });
pm.test('aggregate', () => { throw new AggregateError([new Error('a')], 'many'); });
