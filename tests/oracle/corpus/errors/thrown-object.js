throw { message: 'object', code: 1 };
