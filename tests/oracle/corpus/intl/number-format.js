const format = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
console.log(format.format(1234.567), format.format(0), format.format(-0.5), new Intl.NumberFormat('en-US').format(12345678901));
