const [a] = 5;
