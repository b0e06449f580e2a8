[30, 10, 20].forEach((ms) => setTimeout(() => console.log(ms), ms));
