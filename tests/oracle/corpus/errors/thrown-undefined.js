console.log('then nothing');
throw undefined;
