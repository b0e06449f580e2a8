console.log(`it's ${typeof this.pm}, isn't it`);
