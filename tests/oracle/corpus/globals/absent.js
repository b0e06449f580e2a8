['globalThis', 'global', 'window', 'self', 'process', 'fetch', 'WebSocket', 'XMLHttpRequest', 'FormData', 'Headers', 'Request', 'Response', 'performance', 'BroadcastChannel', 'MessageChannel', 'WebAssembly', 'navigator', 'module', 'exports', '__dirname', 'WeakRef', 'FinalizationRegistry', 'bridge', 'importScripts', 'location', 'document', 'Worker', 'localStorage'].forEach((name) => {
    console.log(name, eval(`typeof ${name}`));
});
