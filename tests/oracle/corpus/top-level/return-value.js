console.log("before");
return 42;
