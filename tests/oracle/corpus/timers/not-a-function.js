console.log(setTimeout('text', 1), setTimeout(), setTimeout(null, 5));
