console.log(`a);
