await Promise.reject(new RangeError('awaited'));
