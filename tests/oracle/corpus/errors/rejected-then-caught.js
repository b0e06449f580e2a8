const promise = Promise.reject(new Error('late catch'));
promise.catch((error) => console.log('caught', error.message));
