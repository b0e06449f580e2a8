console.log(0.1 + 0.2, 1e21, 1e-7, -0, (25).toString(2), parseInt('12px'), Number('0x1f'), (1.005).toFixed(2), (123.456).toPrecision(4), Number.MAX_SAFE_INTEGER, (1234.5678).toExponential(2));
