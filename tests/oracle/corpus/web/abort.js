const controller = new AbortController();
controller.signal.addEventListener('abort', () => console.log('aborted', controller.signal.aborted));
controller.abort();
console.log(controller.signal.reason.name, controller.signal.reason instanceof DOMException, AbortSignal.abort('why').reason);
try { controller.signal.throwIfAborted(); }
catch (error) { console.log(error.name, error.message); }
