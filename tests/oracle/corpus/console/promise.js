console.log(Promise.resolve(1), Promise.reject(new Error('handled')).catch(() => {}), (async () => {})());
