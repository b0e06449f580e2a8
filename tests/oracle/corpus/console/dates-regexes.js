console.log(new Date(0), /a+/gi, new Date(NaN).getTime());
