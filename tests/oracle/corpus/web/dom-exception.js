const error = new DOMException('broken', 'DataCloneError');
console.log(error.name, error.message, error.code, error instanceof Error, String(error));
