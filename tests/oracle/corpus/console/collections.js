console.log(new Map([['a', 1], [{ k: 1 }, [2]]]), new Set([1, 'two', { three: 3 }]), new WeakMap(), new WeakSet());
