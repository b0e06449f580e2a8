var a = “x”;
