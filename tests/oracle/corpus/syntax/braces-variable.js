let x = {{var}};
