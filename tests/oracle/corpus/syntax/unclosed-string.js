console.log("a);
