const date = new Date(Date.UTC(2020, 1, 28));
date.setUTCDate(date.getUTCDate() + 2);
console.log(date.toISOString().slice(0, 10), date.getUTCDay(), new Date(2020, 0, 1) - new Date(2019, 11, 31), new Date(NaN).getTime(), Math.floor(new Date('2020-01-01T00:00:00Z') / 1000));
