let n = 0;
const id = setInterval(() => {
    n += 1;
    console.log('tick', n);
    n === 3 && clearInterval(id);
}, 3);
